#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p shared/deep own
touch shared/deep/file
user='uid = "caller"'
as_root || user=$'uid = 0\ngid = 0'  # the id that a runtime can give there
shell_profile box <<END
[launch]
variables = ["PLACE"]
[user]
$user
[env]
set = { PATH = "/usr/bin", WHERE = "\${PLACE}/x" }
[namespaces]
hostname = "elsewhere"
[limits]
nofile = 77
[[fs]]
bind = "/shared"
from = "\${PLACE}/shared"
[[fs]]
bind = "/work"
from = "\${PLACE}/own"
write = true
[[fs]]
dir = "/quiet/place"
mode = "0700"
[[fs]]
file = "/etc/motd"
text = "hello\n"
[[fs]]
symlink = "/etc/link"
to = "motd"
[[fs]]
tmpfs = "/tmp"
size = "1MiB"
mode = "1777"
[[fs]]
symlink = "/tmp/inside"
to = "nowhere"
[[fs]]
tmpfs = "/closed"
readonly = true
mode = "0555"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
export PLACE=$work
look=$(<"$IMMURE_SOURCE/tests/e2e/look_inside")
run_ok ./box -c "$look"
# What is another thing there without a word for it in the format: no link core, devices without nosuid, a file that is a mount, no init, a HOME of the runtime's.
alike() {
  sed -E -e '/^file \/dev\/(core|console) /d' -e 's/^(mount \/dev\/(null|zero|full|random|urandom|tty) [a-z]+ ).*/\1/' -e '/^mount \/etc\/motd /d' -e '/^processes /d' -e '/^HOME=/d'
}
alike <<<"$output" >ours

cp box.toml with-args.toml
python3 - "$look" <<'END'
import json, re, sys
text = open('with-args.toml').read()
open('with-args.toml', 'w').write(re.sub(r'^path = .*', lambda m: m[0] + '\nargs = ["-c", ' + json.dumps(sys.argv[1].replace('$', '$$')) + ']', text, 1, re.M))
END
run_ok "$IMMURE" emit oci with-args.toml -o bundle
assert_contains "$errors" 'warning[W0601]'
assert_contains "$(<bundle/config.json)" '"immure.not-said.1"'
chmod 755 "$work"  # user 0 of the namespace may be another one outside

# crun 1.8 does not run on a host with both kinds of cgroups; root can give it a mount namespace with one kind.
unified=()
if as_root && [[ ! -e /sys/fs/cgroup/cgroup.controllers ]]; then unified=(unshare --mount sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh); fi
tried=0
for runtime in crun runc; do
  command=("$runtime" --root "$work/state-$runtime")
  if [[ $runtime == crun ]]; then command=("${unified[@]}" "${command[@]}" --cgroup-manager=disabled); fi
  XDG_RUNTIME_DIR=$work run "${command[@]}" run --bundle bundle "box-$runtime-$$"
  if [[ $status != 0 && $errors$output == *'cgroups in hybrid mode'* ]]; then
    echo "not tried: $runtime, which does not run on this host's cgroups"
    continue
  fi
  assert_status 0
  tried=$((tried + 1))
  alike <<<"$output" >"theirs-$runtime"
  diff ours "theirs-$runtime" || fail "$runtime shows something else"
done
((tried)) || fail 'no runtime ran'

# A directory is only ever written new, and nothing is left where it cannot be.
run "$IMMURE" emit oci with-args.toml -o bundle
assert_status 2
assert_contains "$errors" 'is there already'
run env -u PLACE "$IMMURE" emit oci box.toml -o other
assert_status 1
assert_contains "$errors" 'error[E0505]'
assert_missing other
