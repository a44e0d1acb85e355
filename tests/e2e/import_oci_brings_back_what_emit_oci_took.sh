#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# There and back: what the difference tells is what emit bound or warned of, what a comment of the import says, and the bundle's rootfs in the place of the links and directories in it.
# Launch variables are bound by emit, so they are written out here beforehand.
mkdir -p home/notebook home/.local/share/agent-home home/out
HOME=$work/home
tried=0
for name in shell python build-step agent web-server notebook; do
  sed -E -e 's#\$\{(HOME|PWD|DOCUMENT_ROOT)\}#'"$HOME"'#g; s#\$\{[A-Z]+:-([^}]*)\}#\1#g' "$IMMURE_SOURCE/examples/$name.toml" >"$name.toml"
  run "$IMMURE" emit oci "$name.toml" -o "bundle-$name"
  assert_status 0
  warned=$errors
  run "$IMMURE" import oci "bundle-$name/config.json" -o back.toml
  assert_status 0
  assert_eq "$errors" '' "what import cannot carry over of $name"
  run "$IMMURE" diff "$name.toml" back.toml
  assert_status 1
  explained=(
    '. (name|namespaces\.hostname|launch\.variables|user\.[ug]id): '
    '. env\.(inherit: .* is gone|set: `(LANG|LC_[A-Z]*|TERM|TZ|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS)=.* is new) .*'
    '- optional .*: `false` instead of `true`'  # emit looked what is there
    '- ensure .*: `false` instead of `true`'
    '- program\.pass-args: `false` instead of `true`'
    '\+ files /(etc|mnt|tmp): newly visible: host \$\{BUNDLE\}/rootfs/(etc|mnt|tmp), where the host has it'
    '- files /dev/console: no longer visible: device'  # the caller's terminal
  )
  for link in bin sbin lib lib64; do
    [[ ! -L bundle-$name/rootfs/$link ]] || explained+=("\\+ files /$link: newly visible: unknown(, (perhaps )?writable)? instead of symlink to $(readlink "bundle-$name/rootfs/$link") ")
  done
  because() { [[ $warned != *"cannot say: $1"* ]] || explained+=("$2"); }
  because 'an empty standard input' '\+ process\.stdin: `inherit` instead of `null`'
  because "the caller's terminal session" '- process\.new-session: '
  because 'how long processes that the program' '\+ process\.linger: '
  because 'an argv[0]' '~ program\.argv0: '
  because 'an upper directory that is gone' '\+ files /src: newly visible: host .* instead of overlay'
  because 'that `/work/.git` is read-only once it is there' '\+ files /work/\.git: newly writable'
  [[ $(<back.toml) != *'network = "loopback"  # runtimes bring lo up'* ]] || explained+=('\+ namespaces\.network: `loopback` instead of `none`')
  left=$(grep -v -E "^($(IFS='|'; printf '%s' "${explained[*]}"))" <<<"$output" || true)
  assert_eq "$left" '' "the difference of $name that nothing explains"
  tried=$((tried + 1))
done
((tried == 6)) || fail 'an example was left out'

# And it runs, with the same files inside.
mkdir -p shared/deep own
touch shared/deep/file
shell_profile box <<END
[env]
set = { PATH = "/usr/bin" }
[namespaces]
network = "loopback"
[[fs]]
bind = "/shared"
from = "$work/shared"
[[fs]]
bind = "/work/deep"
from = "$work/own"
write = true
[[fs]]
bind = "/etc/motd"
from = "$work/shared/deep/file"
[[fs]]
file = "/etc/issue"
text = "hello\n"
[[fs]]
symlink = "/etc/link"
to = "motd"
[[fs]]
tmpfs = "/scratch"
size = "1MiB"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
look=$(<"$IMMURE_SOURCE/tests/e2e/look_inside")
run_ok ./box -c "$look"
# Left out: mounts, as each entry of the rootfs is one of its own there; the ids, which are those that emit found.
alike() { sed -E -e '/^mount /d' -e '/^id /d' -e '/^host /d' -e '/^file \/dev\/console /d'; }
alike <<<"$output" >ours
run "$IMMURE" emit oci box.toml -o bundle
assert_status 0
run_ok "$IMMURE" import oci bundle/config.json -o again.toml
sed -i 's/^pass-args = false/pass-args = true/' again.toml
run "$IMMURE" build again.toml -o again
assert_status 0
run_ok env BUNDLE="$work/bundle" ./again -c "$look"
alike <<<"$output" >theirs
diff ours theirs || fail 'the profile that came back shows something else'
