#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p shared/deep own
touch shared/deep/file
shell_profile box <<END
[launch]
variables = ["PLACE", "UNSET"]
[env]
inherit = ["KEPT_*"]
set = { PATH = "/usr/bin", WHERE = "\${PLACE}/x", OTHER = "\${UNSET:-it's \$\$5}" }
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
bind = "/missing"
optional = true
[[fs]]
dir = "/quiet/place"
mode = "0700"
[[fs]]
file = "/etc/motd"
text = "it's \"quoted\" \$HOME\n"
[[fs]]
symlink = "/etc/link"
to = "motd of 'today'"
[[fs]]
tmpfs = "/tmp"
size = "1MiB"
mode = "1777"
[[fs]]
tmpfs = "/closed"
readonly = true
mode = "0555"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
export PLACE=$work KEPT_ONE=1 KEPT_TWO='two words' LOST=1
look=$(<"$IMMURE_SOURCE/tests/e2e/look_inside")

run_ok ./box -c "$look"
ours=$output
run_ok "$IMMURE" emit bwrap box.toml -o box.bwrap
bwrap_version=$(bwrap --version)
run_ok ./box.bwrap -c "$look"
printf '%s\n' "$ours" >ours
grep -v '^mount /etc/motd ' <<<"$output" >theirs  # how it makes a file read-only; here it lies on the sealed root
diff ours theirs || fail "$bwrap_version shows something else"
assert_contains "$ours" 'mount /work'
assert_contains "$ours" 'writable /work'

run_ok ./box.bwrap -c 'cat /etc/motd; ulimit -n'
assert_eq "$output" $'it\'s "quoted" $HOME\n77'
run env -u PLACE ./box.bwrap -c true
[[ $status != 0 ]] || fail 'an unset launch variable did not end it'

# What it cannot say, it says, with its line.
assert_contains "$(<box.bwrap)" '# not said: no interface at all'
assert_matches "$(<box.bwrap)" "--bind .*/own. /work  # box.toml:$(line_of box '"/work"')"
