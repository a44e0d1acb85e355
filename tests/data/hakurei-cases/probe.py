# What a program of a case says of itself, one fact a line. Its argument is the caller's network namespace.
import ctypes, errno, os, socket, sys

def answer(number, *arguments):
    result = libc.syscall(number, *arguments)
    return "yes" if result >= 0 else errno.errorcode[ctypes.get_errno()]

libc = ctypes.CDLL(None, use_errno=True)
print("uid", os.getuid())
print("gid", os.getgid())
print("hostname", socket.gethostname())
print("session", "own" if os.getsid(0) != 0 else "kept")
print("network", "host" if os.readlink("/proc/self/ns/net") == sys.argv[-1] else "own")
print("setuid", answer(105, os.getuid()))
print("move_pages", answer(279, 0, 0, 0, 0, 0, 0))
print("unshare", answer(272, 0))
for line in open("/proc/self/status"):
    name, _, value = line.partition(":")
    if name in ("NoNewPrivs", "Seccomp") or name.startswith("Cap"):
        print(name, value.strip())
for line in open("/proc/self/mountinfo"):
    fields = line.split()
    root, target, options = fields[3:6]
    dash = fields.index("-")
    fstype, source, super_options = fields[dash + 1:dash + 4]
    print("mount", target, root, fstype, source, options, super_options, *fields[6:dash])
for path in ("/merged/both", "/merged/zero", "/merged/one"):
    if os.path.exists(path):
        print("file", path, open(path).read().strip())
for path in ("/new", "/merged/new", "/tmp/new", "/empty/new", "/dev/new", "/dev/shm/new"):
    if os.path.isdir(os.path.dirname(path)):
        try:
            open(path, "w").close()
            print("write", path, "yes")
        except OSError as problem:
            print("write", path, errno.errorcode[problem.errno])
