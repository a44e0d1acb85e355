#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A mount that came in later would come without the flags of the bind.
mkdir -p source/sub
shell_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
END
cat >host <<'END'
set -e
mount --make-rshared /
mkfifo ready go
./box -c 'echo ready; read line; ls -A /data/sub' <go >ready &
exec 3>go
exec 4<ready
read -r line <&4
[ "$line" = ready ]
mount -t tmpfs late source/sub
: >source/sub/file
echo >&3
cat <&4
wait $!
ls -A source/sub
END
run_ok unshare --user --map-root-user --mount bash host
assert_eq "$output" file 'inside nothing, outside the file'
