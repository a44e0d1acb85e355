#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Whoever starts the launcher chooses its environment, arguments, directory, umask and terminal. None of it is trusted with anything.
python_profile box <<'END'
[env]
set = { A = "b" }
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
look='import os; print(sorted(os.environ.items()), os.getcwd(), os.listdir("/"))
print(*sorted(line.split()[4] + " " + line.split()[5] for line in open("/proc/self/mountinfo")), sep="\n")
print(*[line for line in open("/proc/self/status") if line[:3] in ("Cap", "NoN", "Sec", "Sig", "Ums")], sep="")'
run_ok ./box -c "$look"
plain=$output

cat >disturb.py <<'END'
import ctypes, os, sys
launcher, look = os.path.abspath("box"), sys.argv[1]
how = sys.argv[2]
environment = {"LD_PRELOAD": "/nonexistent.so", "LD_LIBRARY_PATH": ".", "LD_AUDIT": "/nonexistent.so", "GCONV_PATH": ".", "TMPDIR": "/nonexistent", "PATH": ".", "HOME": "",
               "IMMURE_TRACE": "0", "IMMURE_STUB": "x", "PYTHONPATH": ".", "PYTHONSTARTUP": "/nonexistent", "A": "not b"}
arguments = [launcher, "-c", look]
strings = [f"{name}={value}" for name, value in environment.items()]
if how == "directory":
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("../gone")
elif how == "name":
    arguments[0] = ""
elif how == "malformed":
    # Entries without a name, without a value, twice.
    strings = ["=", "", "novalue", "A=one", "A=two", "\udcff=\x01"]
def vector(words): return (ctypes.c_char_p * (len(words) + 1))(*map(os.fsencode, words), None)
ctypes.CDLL(None).execve(os.fsencode(launcher), vector(arguments), vector(strings))
END
for how in environment directory name malformed; do
  run_ok python3 disturb.py "$look" "$how"
  assert_eq "$output" "$plain" "with another $how"
done
# Without arguments at all (since Linux 5.18 the kernel puts an empty one in their place) the program is the profile's all the same.
run_ok python3 -c 'import ctypes; none = (ctypes.c_char_p * 1)(None); ctypes.CDLL(None).execve(b"./box", none, none)'
assert_eq "$errors" ''
