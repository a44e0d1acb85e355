#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
[[fs]]
tmpfs = "/tmp"
END

cat >host <<'END'
set -e
mount --make-rshared /
before=$(cat /proc/self/mountinfo)
mkfifo ready go
./box -c 'echo ready; read line' <go >ready &
exec 3>go
read -r line <ready
[ "$line" = ready ]
[ "$(cat /proc/self/mountinfo)" = "$before" ] && echo same
echo >&3
wait $!
[ "$(cat /proc/self/mountinfo)" = "$before" ] && echo same afterwards
END
run_ok unshare --user --map-root-user --mount bash host
assert_eq "$output" $'same\nsame afterwards'
