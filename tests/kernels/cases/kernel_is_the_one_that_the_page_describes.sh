#!/usr/bin/env bash
# What docs/kernels.md says of each kernel, so that the other cases mean what they say. A row: series, Landlock's ABI, does tmpfs keep user xattrs.
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"

row=$(awk -v series="$series" '$1 == series' <<'END'
6.1  2 no
6.12 6 yes
END
)
mkdir "/dev/shm/$$"
keeps=yes
python3 -I -c 'import os, sys; os.setxattr(sys.argv[1], "user.test", b"x")' "/dev/shm/$$" 2>/dev/null || keeps=no
rmdir "/dev/shm/$$"
assert_eq "$series $landlock_abi $keeps" "$(tr -s ' ' <<<"$row")" 'this kernel'
