#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

nproc=$(ulimit -H -u)  # counted over all of the user's processes: no business of a test to lower it
[[ $nproc != unlimited ]] || nproc='"unlimited"'
python_profile box <<END
[limits]
as = "2GiB"
core = 0
cpu = "60s"
data = "1GiB"
fsize = "64KiB"
memlock = 4096
msgqueue = 8192
nofile = 50
nproc = $nproc
rttime = "1500ms"
sigpending = 30
stack = "4MiB"
[[fs]]
tmpfs = "/tmp"
END
cat >limits.py <<'END'
import resource, os, signal
G = 1 << 30
expected = {"AS": 2 * G, "CORE": 0, "CPU": 60, "DATA": G, "FSIZE": 65536, "MEMLOCK": 4096, "MSGQUEUE": 8192, "NOFILE": 50, "RTTIME": 1500000, "SIGPENDING": 30,
            "STACK": 4 << 20}
numbers = {"RTTIME": 15, "MSGQUEUE": 12, "SIGPENDING": 11}
for name, value in expected.items():
    soft, hard = resource.getrlimit(numbers.get(name, getattr(resource, "RLIMIT_" + name, None)))
    assert (soft, hard) == (value, value), (name, soft, hard)
opened = []
try:
    while True: opened.append(os.open("/", os.O_RDONLY))
except OSError as problem:
    print("descriptors up to", opened[-1], problem.strerror)
for fd in opened: os.close(fd)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    open("/tmp/file", "wb", buffering=0).write(bytes(65536)); open("/tmp/file", "ab", buffering=0).write(b"x")
except OSError as problem:
    print(os.path.getsize("/tmp/file"), problem.strerror)
END
run ./box -c "$(<limits.py)"
if [[ $errors == *'cannot set a limit'* ]]; then
  skip "the limits of $(id -un) are lower than those of this test: $errors"
fi
assert_status 0
assert_eq "$output" $'descriptors up to 49 Too many open files\n65536 File too large'
