#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box <<'END'
[[fs]]
dev = "/dev"
END

run_ok ./box -c '
import os, stat, errno
for name, number in dict(null=(1, 3), zero=(1, 5), full=(1, 7), random=(1, 8), urandom=(1, 9), tty=(5, 0)).items():
    s = os.stat("/dev/" + name)
    assert stat.S_ISCHR(s.st_mode) and (os.major(s.st_rdev), os.minor(s.st_rdev)) == number, name
assert open("/dev/zero", "rb").read(3) == b"\0\0\0"
assert open("/dev/null", "rb").read() == b""
assert len(open("/dev/urandom", "rb").read(8)) == 8
open("/dev/null", "wb").write(b"x")
try:
    os.write(os.open("/dev/full", os.O_WRONLY), b"x")
except OSError as e:
    assert e.errno == errno.ENOSPC
else:
    raise SystemExit("/dev/full took a byte")
for name, to in dict(fd="/proc/self/fd", stdin="/proc/self/fd/0", stdout="/proc/self/fd/1", stderr="/proc/self/fd/2", core="/proc/kcore", ptmx="pts/ptmx").items():
    assert os.readlink("/dev/" + name) == to, name
print(sorted(os.listdir("/dev")))
'
assert_eq "$output" "['core', 'fd', 'full', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero']"
