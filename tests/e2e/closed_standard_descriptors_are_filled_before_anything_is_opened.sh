#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
python_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
write = true
[[fs]]
proc = "/proc"
END
code='
import os
seen = {fd: os.readlink("/proc/self/fd/%d" % fd) for fd in range(3) if os.path.islink("/proc/self/fd/%d" % fd)}
open("/data/seen", "w").write(repr(seen))
'
# The path of a null device bound nowhere inside is shown as the kernel knows it, so only its end is compared.
seen() { sed "s|'[^']*/null'|null|g; s|'[^']*/zero'|zero|g; s|'[^']*/kept'|kept|g" source/seen; }
./box -c "$code" <&- >&- 2>&-
assert_eq "$(seen)" '{0: null, 1: null, 2: null}'
./box -c "$code" </dev/zero 2>&- >"$work/kept"
assert_eq "$(seen)" '{0: zero, 1: kept, 2: null}'
./box -c "$code" <&- >"$work/kept" 2>&1
assert_eq "$(seen)" '{0: null, 1: kept, 2: kept}'
