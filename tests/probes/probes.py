#!/usr/bin/env python3
"""probes.py IMMURE PROBE: every probe in a strict sandbox, where it must be stopped, and in a lax place, where it must get through.

A probe that is stopped everywhere proves nothing about the sandbox, so each names a place that lets it through (probe.cc). Where this host itself stops it there
(an old sysctl, a missing module, what only root may), that is printed as the reason, and it counts as not shown. As root everything runs twice: as root, and as
the ordinary user immure-test. Where no root prepares the host, the probes of what only root can make are not tried, and counted apart.
"""
import contextlib
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import ctypes

sys.dont_write_bytecode = True  # the sources may be read-only
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from whoever import become, users  # noqa: E402

SECRET_DESCRIPTOR = 200
CAPABILITIES = ["sys-admin", "sys-chroot", "sys-ptrace", "net-admin", "net-raw", "mknod", "dac-override", "setuid", "setgid"]

COMMON = """immure = 1
name = "%(name)s"
extends = ["immure:system"]
[program]
path = "/app/probe"
[[fs]]
bind = "/app"
from = "%(place)s/app"
[[fs]]
bind = "%(place)s/shown"
[[fs]]
bind = "/data"
from = "%(place)s/data"
write = true
%(device)s
[[fs]]
proc = "/proc"
%(proc)s
[[fs]]
dev = "/dev"
[[fs]]
tmpfs = "/tmp"
mode = "1777"
[[fs]]
tmpfs = "/home"
"""

STRICT = COMMON
KEPT = COMMON + "[process]\nnew-session = false\n"
NETWORK = COMMON + '[namespaces]\nnetwork = "host"\n'
LAX = COMMON + """
[[fs]]
bind = "%(place)s/secret"
[env]
inherit = ["*"]
[process]
new-session = false
pass-fds = [200]
[namespaces]
network = "host"
nested = true
[seccomp]
enabled = false
[landlock]
scope = []
[capabilities]
keep = [%(keep)s]
"""

# Where the default strict profile is not the one that shuts the door.
STRICT_PROFILE = {
    "terminal-injection": "kept", "terminal-injection-high-bits": "kept", "terminal-paste": "kept", "signal-group": "kept",
    "abstract-socket": "network",
}


# What only root can make on the host for a probe to find. For an ordinary user alone there is nothing to try.
MADE_BY_ROOT = {
    "device-node": "only root can make a device node",
    "set-user-id": "only root can make a set-user-ID file of another user",
}


class Host:
    """What stands outside and waits to be found: files, a socket of each kind, shared memory, a process, a terminal."""

    def __init__(self, stack, probe):
        self.place = stack.enter_context(tempfile.TemporaryDirectory(prefix="immure-probes.", dir="/var/tmp"))
        os.chmod(self.place, 0o755)
        for name in ("app", "shown", "data"):
            os.mkdir(f"{self.place}/{name}")
            os.chmod(f"{self.place}/{name}", 0o777 if name != "app" else 0o755)
        shutil.copy(probe, f"{self.place}/app/probe")
        with open(f"{self.place}/secret", "w") as file:
            file.write("a secret of the host\n")
        if os.geteuid() == 0:
            os.mknod(f"{self.place}/data/random", 0o020666, os.makedev(1, 9))
            os.chmod(f"{self.place}/data/random", 0o666)
            shutil.copy(probe, f"{self.place}/app/other")
            os.chown(f"{self.place}/app/other", 65534, 65534)
            os.chmod(f"{self.place}/app/other", 0o4755)
        self.abstract = f"immure-probe-{os.getpid()}"
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind("\0" + self.abstract)
        unix.listen(64)
        tcp = stack.enter_context(socket.socket())
        tcp.bind(("127.0.0.1", 0))
        tcp.listen(64)
        self.port = tcp.getsockname()[1]
        self.sockets = unix, tcp
        self.key = 0x1_0000 + os.getpid()
        libc = ctypes.CDLL(None)
        self.memory = libc.shmget(self.key, 4096, 0o1666)  # IPC_CREAT, for everybody
        stack.callback(libc.shmctl, self.memory, 0, None)
        self.secret = os.open(f"{self.place}/secret", os.O_RDONLY)

    def arguments(self, name, where):
        inside = where != "bare" and where != "bwrap"
        data = "/data" if inside else f"{self.place}/data"
        app = "/app" if inside else f"{self.place}/app"
        view = ["/", "/usr", "/app", f"{self.place}/shown", "/data", "/proc", "/dev", "/tmp", "/home"]
        return {
            "host-mounts": view,
            "abstract-socket": [self.abstract],
            "loopback": [str(self.port)],
            "signal-process": [str(self.sleeper)],
            "shared-memory": [str(self.key)],
            "read-secret": [f"{self.place}/secret"],
            "write-system": [f"{self.place}/shown/written-by-{self.user}"],
            "device-node": [f"{data}/random"],
            "set-user-id": [f"{app}/other"],
            "last-pid": ["/proc/sys/kernel/ns_last_pid"],
            "core-pattern": ["/proc/sys/kernel/core_pattern"],
            "system-request": ["/proc/sysrq-trigger"],
            "memory-pressure": ["/proc/pressure/memory"],
            "kernel-timers": ["/proc/timer_list"],
        }.get(name, [])


def run(host, user, command):
    """Runs it on a terminal of its own, with the secret descriptor open; returns (status, what it printed, signalled)."""
    out_read, out_write = os.pipe()
    noticed, notice = os.pipe()
    # A bystander leads the session and the group that a careless sandbox shares with its caller, and waits there for a signal.
    bystander, terminal = pty.fork()
    if bystander == 0:
        try:
            signal.signal(signal.SIGURG, lambda *_: os.write(notice, b"!"))
            os.set_inheritable(out_write, False)
            os.dup2(host.secret, SECRET_DESCRIPTOR)
            if command[0] != "chroot":
                become(user)
            child = os.fork()
            if child == 0:
                os.dup2(out_write, 1)
                os.dup2(out_write, 2)
                os.close(notice)
                os.environ["PROBE_SECRET"] = "secret"
                if command[0] == "chroot":
                    os.chroot(command[1])
                    command = command[2:]
                os.execvp(command[0], command)
            while True:
                try:
                    _, status = os.waitpid(child, 0)
                    break
                except InterruptedError:
                    pass
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)
        except BaseException as error:  # a child must not return into the caller
            os.write(out_write, f"bystander: {error!r}".encode())
            os._exit(99)
    os.close(out_write)
    os.close(notice)
    text = b""
    while piece := os.read(out_read, 4096):
        text += piece
    os.close(out_read)
    _, status = os.waitpid(bystander, 0)
    os.close(terminal)
    signalled = os.read(noticed, 1) != b""
    os.close(noticed)
    return os.waitstatus_to_exitcode(status), text.decode(errors="replace").strip(), signalled


def build(immure, host, name, text):
    fill = {"name": name, "place": host.place, "proc": "", "device": "", "keep": ", ".join(f'"{word}"' for word in CAPABILITIES)}
    if name == "lax":
        fill |= {"proc": "harden = false", "device": "device = true"}
    path = f"{host.place}/{name}.toml"
    with open(path, "w") as file:
        file.write(text % fill)
    built = subprocess.run([immure, "build", path, "-o", f"{host.place}/{name}"], capture_output=True, text=True)
    if built.returncode != 0:
        sys.exit(f"probes: {name}.toml does not build:\n{built.stderr}")


def command(host, where, name):
    probe = [name, *host.arguments(name, where)]
    if where == "bare":
        return [f"{host.place}/app/probe", *probe]
    if where == "chroot":  # the careless kind, which leaves the working directory where it was
        return ["chroot", host.place, "/app/probe", *probe]
    if where == "bwrap":
        return ["bwrap", "--unshare-user", "--unshare-pid", "--dev-bind", "/", "/", "--proc", "/proc", f"{host.place}/app/probe", *probe]
    return [f"{host.place}/{where}", *probe]


def verdict(host, user, where, name):
    status, text, signalled = run(host, user, command(host, where, name))
    word, _, why = text.partition(" ")
    if name == "abstract-socket" and status == 125 and "landlock-scopes" in text:
        return "stopped", "this kernel has no Landlock scopes, so the launch is refused"
    if status != 0 or word not in ("stopped", "through", "absent"):
        return "broken", f"status {status}: {text}"
    if name == "signal-group" and word == "through" and not signalled:
        return "stopped", "no process outside was signalled"
    return word, why


def try_all(host, user, probes, name):
    passed = shown = untried = 0
    failed = []
    print(f"\nas {name}:")
    for probe, open_in, story in probes:
        if os.geteuid() != 0 and probe in MADE_BY_ROOT:
            untried += 1
            print(f"  {probe:30} not tried: {MADE_BY_ROOT[probe]}")
            continue
        word, why = verdict(host, user, STRICT_PROFILE.get(probe, "strict"), probe)
        line = f"  {probe:30} strict: {word} ({why})"
        if word == "stopped":
            passed += 1
        else:
            failed.append(f"{probe}: {word} in the strict sandbox: {why}")
        place, _, who = open_in.partition("-")
        if place == "never" or (who == "root" and name != "root"):
            print(f"{line}; nowhere lax for {name}: {story if place == 'never' else 'only root may try'}")
            continue
        word, why = verdict(host, user, place, probe)
        print(f"{line}; {place}: {word} ({why})")
        if word == "through":
            shown += 1
        elif reason := excuse(probe, why):
            print(f"  {'':30} not shown here: {reason}")
        else:
            failed.append(f"{probe}: {word} in the lax place {place}: {why}")
    print(f"{name}: {passed} of {len(probes)} probes stopped by the strict sandbox, {shown} of them shown to get through in a lax place"
          f"{f', {untried} not tried' if untried else ''}")
    return failed


def sysctl(name):
    with contextlib.suppress(OSError):
        with open("/proc/sys/" + name) as file:
            return file.read().strip()
    return ""


def excuse(probe, why):
    """Why this host stops a probe even where nothing of ours does; None where it should not."""
    if probe.startswith("terminal-injection") and sysctl("dev/tty/legacy_tiocsti") == "0":
        return "the sysctl dev.tty.legacy_tiocsti is 0"
    if probe.startswith("odd-socket") and "not supported" in why:
        return "this kernel has no AF_VSOCK"
    if probe == "performance-events" and (sysctl("kernel/perf_event_paranoid") or "9") > "2":
        return "the sysctl kernel.perf_event_paranoid forbids it, or there are none"
    if probe in ("init-trace", "init-read-memory", "init-descriptor-steal") and sysctl("kernel/yama/ptrace_scope") not in ("", "0"):
        return "the sysctl kernel.yama.ptrace_scope forbids it"
    if probe in ("memory-pressure", "kernel-keys", "kernel-timers", "system-request", "last-pid") and "No such file" in why:
        return "this kernel has no such file"
    if probe == "x32-call" and why.startswith("killed by"):  # where nothing of ours filters
        return "a filter around this host kills it as well"
    if probe == "i386-call" and ("not implemented" in why or "killed by Segmentation" in why):
        return "this kernel runs no 32-bit code"
    return None


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    immure, probe = map(os.path.abspath, sys.argv[1:])
    listed = subprocess.run([probe, "--list"], check=True, capture_output=True, text=True).stdout
    probes = [line.split("\t") for line in listed.splitlines()]
    failed = []
    with contextlib.ExitStack() as stack:
        host = Host(stack, probe)
        for name, text in (("strict", STRICT), ("kept", KEPT), ("network", NETWORK), ("lax", LAX)):
            build(immure, host, name, text)
        for user, name in users():
            sleeper = os.fork()
            if sleeper == 0:
                become(user)
                signal.signal(signal.SIGURG, signal.SIG_IGN)
                signal.pause()
                os._exit(0)
            host.sleeper, host.user = sleeper, name.split()[-1]
            try:
                failed += [f"{name}: {line}" for line in try_all(host, user, probes, name)]
            finally:
                os.kill(sleeper, signal.SIGKILL)
                os.waitpid(sleeper, 0)
    if failed:
        print("\nFAILED:\n  " + "\n  ".join(failed))
        sys.exit(1)


main()
