#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A path that the program chose is shown in a message of the launcher: escapes of one byte (ESC, DEL) and of two (C2 9B is CSI) in it are shown as `?`, other letters as they are.
mkdir app
shell_profile box <<END
[[fs]]
bind = "/app"
from = "$work/app"
END
sed -i 's|path = "/bin/sh"|path = "/app/script"|' box.toml
run "$IMMURE" build box.toml -o box
printf '#!/nöpe\x1b[31m\x7f\xc2\x9b31m\xc2\x85end\n' >app/script
chmod +x app/script
run ./box
assert_status 127
assert_contains "$errors" '`/nöpe?[31m??31m?end`'
