#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile overflow <<'END'
[user]
uid = "overflow"
gid = "overflow"
END
shell_profile number <<'END'
[user]
uid = 4294967294
gid = 12345
END
shell_profile root <<'END'
[user]
uid = 0
gid = 0
END
run_ok ./overflow -c 'id -u; id -g'
assert_eq "$output" $'65534\n65534'
run_ok ./number -c 'id -u; id -g'
assert_eq "$output" $'4294967294\n12345'
run_ok ./root -c 'id -u; id -g'
assert_eq "$output" $'0\n0'
