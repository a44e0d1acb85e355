#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# For each right one profile with it and one without; the program tries what the right is about. Both have what the trial needs besides.
abi=$(python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, 0, 0, 1))')
((abi >= 5)) || skip "Landlock here has ABI $abi: the rights are complete from 5 on"
cat >try.py <<'END'
import errno, fcntl, os, socket, stat, sys, termios
def attempt(action):
    try:
        action()
        print("yes")
    except OSError as problem:
        print(errno.errorcode[problem.errno])
def make_socket():
    socket.socket(socket.AF_UNIX).bind("/t/made")
def make_node(kind):
    return lambda: os.mknod("/t/made", kind | 0o600, os.makedev(1, 3))
def execute():
    if os.fork() == 0:
        try: os.execv("/t/true", ["true"])
        except OSError as problem: os._exit(problem.errno)
    status = os.waitstatus_to_exitcode(os.wait()[1])
    if status: raise OSError(status, "")
actions = {
    "execute": execute,
    "write-file": lambda: open("/t/file", "r+b").close(),
    "read-file": lambda: open("/t/file", "rb").close(),
    "read-dir": lambda: os.listdir("/t"),
    "remove-dir": lambda: os.rmdir("/t/empty"),
    "remove-file": lambda: os.unlink("/t/file"),
    "make-char": make_node(stat.S_IFCHR),
    "make-dir": lambda: os.mkdir("/t/made"),
    "make-reg": lambda: os.close(os.open("/t/made", os.O_CREAT | os.O_EXCL | os.O_RDONLY)),
    "make-sock": make_socket,
    "make-fifo": lambda: os.mkfifo("/t/made"),
    "make-block": make_node(stat.S_IFBLK),
    "make-sym": lambda: os.symlink("x", "/t/made"),
    "refer": lambda: os.rename("/t/a/file", "/t/b/file"),
    "truncate": lambda: os.truncate("/t/file", 0),
    "ioctl-dev": lambda: fcntl.ioctl(os.open("/t/zero", os.O_RDONLY), termios.TCGETS),
}
attempt(actions[sys.argv[1]])
END
tree() {
  rm -rf t
  mkdir -p t/a t/b t/empty
  echo x | tee t/file t/a/file >/dev/null
  cp /bin/true t/true
  : >t/zero
}
# expect ANSWER RIGHT ACCESS: what a program sees that tries what RIGHT is about, where a rule gives it ACCESS below /t; an empty one is no rule.
expect() {
  local rule=''
  [[ -z $3 ]] || rule=$'[[landlock.path]]\npath = "/t"\naccess = ['"$3"']'
  tree
  python_profile box <<END
[seccomp]
presets = []
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
[[landlock.path]]
path = "/try.py"
access = ["read-file"]
$rule
[[fs]]
file = "/try.py"
source = "$work/try.py"
[[fs]]
bind = "/t"
from = "$work/t"
write = true
[[fs]]
bind = "/t/zero"
from = "/dev/zero"
device = true
END
  run_ok ./box /try.py "$2"
  assert_eq "$output" "$1" "$2 with [$3]"
}
# trial RIGHT WITHOUT WITH NEEDED...: the answers without it and with it, where what the trial needs besides is granted.
trial() {
  local needed
  needed=$(printf '"%s", ' "${@:4}")
  (($# > 3)) || needed=''
  expect "$2" "$1" "$needed"
  expect "$3" "$1" "$needed\"$1\""
}
trial execute EACCES yes read-file
trial write-file EACCES yes read-file
trial read-file EACCES yes
trial read-dir EACCES yes
trial remove-dir EACCES yes
trial remove-file EACCES yes
trial make-char EACCES EPERM  # a user namespace makes no devices
trial make-dir EACCES yes
trial make-reg EACCES yes read-file
trial make-sock EACCES yes
trial make-fifo EACCES yes
trial make-block EACCES EPERM
trial make-sym EACCES yes
trial refer EXDEV yes make-reg remove-file
trial truncate EACCES yes
trial ioctl-dev EACCES ENOTTY read-file
