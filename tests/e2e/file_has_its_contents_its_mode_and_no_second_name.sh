#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

umask 077
printf 'from a file\0with a NUL\n' >contents
shell_profile box <<'END'
[[fs]]
file = "/etc/text"
text = "line one\nline two ${HOME} $$\n"
[[fs]]
file = "/etc/bytes"
base64 = "AAECAwT/"
mode = "0600"
[[fs]]
file = "/etc/source"
source = "contents"
[[fs]]
file = "/etc/empty"
text = ""
[[fs]]
proc = "/proc"
END
rm contents  # it was read when compiling

run_ok ./box -c 'cat /etc/text; od -An -tx1 /etc/bytes; stat -c "%a %h %u %s" /etc/text /etc/bytes /etc/empty; od -An -c /etc/source'
assert_eq "$output" "line one
line two \${HOME} \$\$
 00 01 02 03 04 ff
444 1 $(id -u) $(printf 'line one\nline two ${HOME} $$\n' | wc -c)
600 1 $(id -u) 6
444 1 $(id -u) 0
$(printf 'from a file\0with a NUL\n' | od -An -c)"
run_ok ./box -c 'ls -A / /etc'
assert_eq "$output" "/:
bin
etc
lib
lib64
proc
sbin
usr

/etc:
bytes
empty
source
text"
