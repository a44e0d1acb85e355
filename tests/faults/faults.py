#!/usr/bin/env python3
"""faults.py IMMURE PROGRAM [--full]: on real launchers, every system call of supervisor and init fails once (strace's injection), as root and as an ordinary user.

Whichever fails, and with whatever error: either nothing of the program has run, the status is 125 (126 or 127 where it was the execve of the program) and one line says why, naming the profile's line where
it was an entry's; or the program ran with everything that confines it, and a row of HARMLESS says why that call may fail. No hang, and no process, mount or file is left. The program is program.S: it makes
only calls that the launcher never makes, so no fault is ever its own, and prints its own status. As a daemon it does likewise, and waits.

Without --full one profile, each call with one error, and the last steps before the program with each: every op but `root`, `device` and `console`, a persistent overlay, a daemon, Landlock rules, limits, a kept capability, a status descriptor and one that
is passed on; no cgroup, no `run-as`, no terminal. With it the examples too, each call with every error.

What this cannot reach: strace counts the calls of each process by itself, so the third openat is that of whichever process comes to its third first; the third ones of the others are not failed, but for
poll and execve, which are told apart by what they name. Each run prints what that leaves. Those fail on the fake kernel alone, one by one (tests/runtime).
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the sources may be read-only
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from whoever import processes, users  # noqa: E402

ERRORS = ["EPERM", "ENOMEM", "EINTR", "ENOSYS", "EINVAL", "EMFILE", "ENOSPC", "EIO"]
KEPT = {"everything": 1 << 10, "program-alone": 1 << 10}  # net-bind-service


def confinement(title):
    return {"NoNewPrivs": "1", "Seccomp": "2", **{f"Cap{name}": f"{KEPT.get(title, 0):016x}" for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")}}


# Calls whose failure may leave the program running, confined: how strace shows the call, with which errors (none named: any), why. Each row was read beside the code that makes the call.
# An ordinary user's strace cannot read init's memory, and shows an address where a name stands.
HARMLESS = [
    (r"close\(", (), "what is left open has close-on-exec, and the range is closed again before the program starts"),
    (r"openat2\(", ("ENOSYS",), "the walk without it follows no link"),
    (r"open_tree_attr\(|syscall_0x1d3\(", ("ENOSYS", "EPERM"), "kernels before 6.15, filters that do not know it: open_tree and mount_setattr do the same"),
    (r"move_mount\(\d+, (\"\"|0x\w+), AT_FDCWD, (\"(etc|run)/|0x)", ("EINVAL",), "a bind of what may be a directory or a file: it is one, so the target becomes one"),
    (r"madvise\(", (), "the plan's pages are mapped on their first use instead"),
    (r"fsconfig\(.*(userxattr|lowerdir\+|upperdir|workdir)|fsconfig\(\d+, FSCONFIG_SET_(FLAG|FD), 0x", ("EINVAL",), "a layer is given by name instead, kernels before 6.13"),
    (r"setgroups\(", (), "an ordinary user may not; root's groups stay, and the status line says so"),
    (r"getgroups\(", (), "asks only what the status line says"),
    (r"kill\(", (), "a signal is not handed on; a daemon ends with init"),
    (r"poll\(\[\{fd=\d+, events=POLLOUT|poll\(0x", (), "whether the reader of the status has room: it has no line then"),
    (r"rt_sigtimedwait\(", (), "after the start: the sandbox ends with 125; before it, in the wait for a daemon, the program does not run"),
    (r"wait4\(", (), "after the start: the sandbox ends with 125; a daemon's end is then not seen before its time is over"),
    (r"recvmsg\(", (), "news of init for the status lines"),
    (r"write\((\d+, \"\{|9, )", (), "a status line to a reader that is gone"),
    (r"write\(\d+, .*, 8\b", (), "news to a supervisor that is gone"),
    (r"write\(\d+, (\"0\"|0x\w+), 1\b", (), "the limit of nested namespaces, which the filter denies as well"),
    (r"umask\(|getpid\(|getppid\(|clock_gettime\(", (), "cannot fail"),
    (r"getxattr\(", (), "asks one thing, whether the upper's filesystem has user xattrs at all; any other answer than EOPNOTSUPP leaves it to the kernel, as before"),
    (r"ioctl\(\d+, (TC|TIOCGPGRP)", (), "asks whether there is a terminal, for job control and /dev/console"),
    (r"readlinkat\(", (), "asks for the terminal's name, for /dev/console"),
    (r"landlock_create_ruleset\([^N].*, 24, 0\b", ("ENOSYS", "EINVAL"), "the scopes, which this profile can do without: its network is its own"),
    (r"exit_group\(", (), "the end is tried again by exit"),
    (r"capset\(.*permitted=0, inheritable=0", (), "after the start, where init gives up what the program keeps: the sandbox ends with 125"),
    (r"read\(\d+, .*, 2047\b|openat\(.*\"/proc/self/status\"", (), "which signals the caller ignored: all are reset instead"),
    (r"openat\(AT_FDCWD, (\"/proc/sys/user/max_user_namespaces\"|0x\w+), O_WRONLY\|O_CLOEXEC\b", (), "the limit of nested namespaces, which the filter denies as well"),
    (r"prctl\(PR_CAPBSET_DROP, 0x", ("EINVAL",), "past the last capability, where strace has no name either"),
]

# Refusals of an interrupted call that real kernels do not bring about: call -> (what is then said, why). The refusal itself has to be as for any other error.
UNREAL = {"close": ("cannot seal the root filesystem: Device or resource busy",
                    "a close(2) that says EINTR has closed on Linux; strace's has not, and a root with a file open for writing cannot be sealed"),
          "clock_gettime": ("it was not ready in time", "no signal interrupts it, so what it fails with is not looked at")}

# What is said of the steps between the last entry and the sealing of the root.
AFTER_THE_ENTRIES = ("cannot hide a filesystem", "cannot remove the directory of a hidden filesystem", "cannot change the root filesystem's flags")

EVERYTHING = """immure = 1
name = "victim"
extends = ["immure:system"]
[launch]
variables = ["SLOT"]
[program]
path = "/fault/program"
[env]
set = {{ A = "b" }}
inherit = ["LANG"]
[limits]
nofile = 512
[process]
new-session = false
pass-fds = [8]
status-fd = 9
[capabilities]
keep = ["net-bind-service"]
[[daemon]]
path = "/fault/daemon"
args = ["/tmp/ready"]
ready = "/tmp/ready"
[[landlock.path]]
path = "/"
access = ["read", "execute"]
[[landlock.path]]
path = "/tmp"
access = ["write"]
[[fs]]
bind = "/fault"
from = "{place}/fault"
[[fs]]
bind = "/data"
from = "{place}/data"
write = true
[[fs]]
tmpfs = "/tmp"
mode = "1777"
size = "1MiB"
[[fs]]
overlay = "/merged"
lower = ["{place}/upper-layer", "{place}/lower-layer"]
[[fs]]
overlay = "/scratch"
lower = ["{place}/lower-layer"]
ephemeral = true
[[fs]]
overlay = "/kept"
lower = ["{place}/lower-layer"]
upper = "${{SLOT}}/upper"
work = "${{SLOT}}/work"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
mqueue = true
[[fs]]
dir = "/made"
[[fs]]
file = "/made/file"
text = "hello"
[[fs]]
symlink = "/made/link"
to = "file"
[[fs]]
etc = "/etc"
[[fs]]
remount = "/tmp"
noexec = true
"""

DAEMON = """[[daemon]]
path = "/fault/daemon"
args = ["/tmp/ready"]
ready = "/tmp/ready"
"""
# Without these the last steps before execve are the program's first calls of their kind, and not the daemon's or init's.
PROGRAM_ALONE = EVERYTHING.replace(DAEMON, "[landlock]\nscope = []\n")
LAST_STEPS = ("landlock_restrict_self", "seccomp", "setrlimit")

# An example with its program replaced; what it needs of the host stands beside it.
EXAMPLE = """immure = 1
name = "victim"
extends = ["{example}"]
[program]
path = "/fault/program"
args = []
[[fs]]
bind = "/fault"
from = "{place}/fault"
"""


# A host that has what the examples bind of it; the real one may not, and stays as it is.
HOST = """set -e
mount -t tmpfs none /mnt
cp -a /dev/. /mnt/
mkdir -p /mnt/dri
mount --bind /mnt /dev
exec "$@"
"""


# One directory for each launch at a time: a persistent overlay serves one.
SLOTS = [f"slot-{number}" for number in range(os.cpu_count())]


class Victim:
    def __init__(self, title, launcher, place, user, who):
        self.title, self.launcher, self.place, self.user, self.who = title, launcher, place, user, who
        self.slots = queue.SimpleQueue()
        for slot in SLOTS:
            self.slots.put(f"{place}/{slot}")

    def launch(self, *strace):
        """(status or None for a hang, standard output, standard error, what strace wrote)"""
        slot = self.slots.get()
        try:
            return self.launch_in(slot, *strace)
        finally:
            self.slots.put(slot)

    def launch_in(self, slot, *strace):
        with tempfile.NamedTemporaryFile("r", dir=self.place, prefix="strace.") as log:
            # Started by root, strace stays root: init is undumpable, and its arguments can be read by no one else.
            process = subprocess.Popen(["strace", "-f", "-qq", "-o", log.name, *(("-u", self.user.pw_name) if self.user else ()), *strace, self.launcher], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True, cwd="/", pass_fds=(8, 9),
                                       env={"SLOT": slot, "HOME": self.place, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "me", "PWD": f"{self.place}/project",
                                            "DOCUMENT_ROOT": f"{self.place}/www", "XDG_RUNTIME_DIR": f"{self.place}/runtime"})
            try:
                out, err = process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                for left in processes(os.path.basename(self.launcher)):
                    os.kill(left, 9)
                process.communicate()
                return None, "", "", log.read()
            return process.returncode, out, err, log.read()


def calls_of(log):
    """How often each call is made by the process that makes it most often, the program's own left out; and which calls of other processes have the same numbers."""
    counts = collections.defaultdict(collections.Counter)
    for line in log.splitlines():
        if match := re.match(r"(\d+) +([a-z0-9_]+)\(", line):
            counts[match[2]][match[1]] += 1
    for name in ("execve", "open", "pread64", "writev", "exit", "pause"):  # strace's own start of the launcher, and the program's
        counts.pop(name, None)
    most = {name: max(each.values()) for name, each in counts.items()}
    return most, {name: sum(each.values()) - most[name] for name, each in sorted(counts.items()) if len(each) > 1}


def named_calls(title):
    """Those that are told apart by the file that they name: (call, number, error, that file)."""
    if os.geteuid() == 0:  # the names are in the memory of an undumpable process
        for error in ("EACCES", "ENOENT", "ENOTDIR", "ENOEXEC", *ERRORS):
            yield "execve", 1, error, "/fault/program"
        if title == "everything":
            for error in ERRORS:
                yield "execve", 1, error, "/fault/daemon"
    for error in ERRORS:
        yield "poll", 1, error, "anon_inode:[pidfd]"  # init's look whether its supervisor lives


def not_confined(title, out):
    fields = dict(line.split(":\t", 1) for line in out.splitlines() if ":\t" in line)
    return [f"{name} {fields.get(name)}" for name, value in confinement(title).items() if fields.get(name) != value]


def injected_call(log):
    """The line of the call that failed, with its arguments: where another process's came between, strace has put them into an earlier line."""
    lines = log.splitlines()
    at = next(i for i, line in enumerate(lines) if "(INJECTED)" in line)
    pid = lines[at].split()[0]
    return next(line for line in reversed(lines[:at + 1]) if line.startswith(pid + " ") and "resumed>" not in line).split(maxsplit=1)[1]


def is_harmless(error, log):
    return any(re.match(call, injected_call(log)) and (not errors or error in errors) for call, errors, _ in HARMLESS)


def status_for(name, error, only):
    """DESIGN 3.5: 127 where the program was not found, 126 where it cannot be executed, 125 for everything else, a daemon too."""
    if name != "execve" or only != "/fault/program":
        return 125
    return 127 if error in ("ENOENT", "ENOTDIR") else 126


def in_an_op(log):
    """Whether the call that failed is of an entry of the profile: after the new root is entered, and before it is sealed."""
    lines = log.splitlines()
    at = next(i for i, line in enumerate(lines) if "(INJECTED)" in line)
    pid = lines[at].split()[0]  # the supervisor has no entries, whatever init is at meanwhile
    begin = next((i for i, line in enumerate(lines) if re.match(pid + r" +chdir\(", line)), at)
    ended = any(re.search(r" mount_setattr\(AT_FDCWD, \S+, AT_EMPTY_PATH,| pivot_root\(", line) for line in lines[:at + 1])
    return begin + 1 < at and not ended  # the first is a look at the root


def judge(title, name, error, only, result):
    """What is wrong, or None. And whether the program ran."""
    status, out, err, log = result
    if "(INJECTED)" not in log:
        return None, "missed"
    if status is None:
        return "hangs", "hung"
    ran = "NoNewPrivs:" in out
    if ran:
        if missing := not_confined(title, out):
            return f"the program ran without {missing}", "ran"
        if error == "EINTR":
            return (None if status == 0 else f"EINTR is not survived: status {status}: {err.strip()}"), "ran"
        if not is_harmless(error, log):
            return f"the program ran though this failed, for which no reason is written: {injected_call(log)}", "ran"
        if status not in (0, 125):
            return f"the program ran and the status is {status}: {err.strip()}", "ran"
        return None, "ran"
    if error == "EINTR" and name != "exit_group" and not (name in UNREAL and UNREAL[name][0] in err):
        return f"EINTR is not survived: status {status}: {err.strip()}", "refused"
    if status != (expected := status_for(name, error, only)):
        return f"status {status} and not {expected}: {err.strip()}", "refused"
    lines = err.splitlines()
    if name == "write" and not lines:
        return None, "refused"
    started = log.count(" execve(") == (3 if title == "everything" else 2)  # strace's own, the daemon's, the program's
    if not lines and started and is_harmless(error, log):
        return None, "refused"  # init gave up after the start, of which it says nothing, and before the program could print
    failed = {line.split()[0] for line in log.splitlines() if "(INJECTED)" in line}  # init's second call of a kind, say, and the supervisor's
    if not 1 <= len(lines) <= len(failed) or not all(re.match(r"[\w.-]+: ", line) for line in lines):
        return f"not one line that says why of each process that failed: {err!r}", "refused"
    no_entry = [*AFTER_THE_ENTRIES, *([UNREAL[name][0]] if name in UNREAL else [])]
    if (in_an_op(log) or name == "execve") and not re.match(r"[\w.-]+: \S+:\d+: ", lines[0]) and not any(words in lines[0] for words in no_entry):
        return f"the line does not name the profile's: {err!r}", "refused"
    return None, "refused"


def files_below(place):
    return sorted(os.path.join(at, name) for at, dirs, files in os.walk(place) for name in dirs + files if not name.startswith("strace."))


def try_profile(victim, title, full):
    status, out, err, log = victim.launch()
    if status != 0 or not_confined(title, out):
        return f"the launch itself: status {status}: {err.strip()} {not_confined(title, out)}", None
    for slot in SLOTS[1:]:  # what the kernel makes in a work directory is there before the first fault
        victim.launch()
    calls, shadowed = calls_of(log)
    plan = list(named_calls(title))
    for index, (name, count) in enumerate(sorted(calls.items())):
        if title == "program-alone" and name not in LAST_STEPS:
            continue
        for when in range(1, count + 1):
            for error in ERRORS if full or title == "program-alone" else [ERRORS[(index + when) % len(ERRORS)]]:
                plan.append((name, when, error, None))
    before = files_below(victim.place), open("/proc/self/mountinfo").read()
    tally, wrong = collections.Counter(), []

    def one(fault):
        name, when, error, only = fault
        result = victim.launch("-e", f"inject={name}:error={error}:when={when}", *(("-P", only) if only else ()))
        return fault, judge(title, name, error, only, result)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, when, error, only), (problem, outcome) in pool.map(one, plan):
            tally[outcome] += 1
            if only and outcome == "missed":
                problem = f"no such call of {only}"
            if problem:
                wrong.append(f"{title}, {victim.who}: {name} #{when} {error}: {problem}")
                print(wrong[-1], flush=True)
    for _ in range(100):  # where the supervisor was what failed, the kernel is still ending init
        if not processes(os.path.basename(victim.launcher)):
            break
        time.sleep(0.1)
    if left := processes(os.path.basename(victim.launcher)):
        wrong.append(f"{title}, {victim.who}: processes are left: {left}")
    after = files_below(victim.place), open("/proc/self/mountinfo").read()
    if after[0] != before[0]:
        wrong.append(f"{title}, {victim.who}: files are left: {sorted(set(after[0]) ^ set(before[0]))}")
    if after[1] != before[1]:
        wrong.append(f"{title}, {victim.who}: the mounts of the host changed")
    unreached = "" if title == "program-alone" else "; not reached, as another process makes as many of the kind: " + " ".join(f"{name} {count}" for name, count in shadowed.items())
    print(f"{title}, {victim.who}: {sum(tally.values()) - tally['missed']} faults injected; nothing ran {tally['refused']}, ran confined {tally['ran']}"
          f"{', not made this time ' + str(tally['missed']) if tally['missed'] else ''}"
          f"{unreached}{', WRONG ' + str(len(wrong)) if wrong else ''}", flush=True)
    return None, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("immure")
    parser.add_argument("program")
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    if arguments.full and os.geteuid() == 0 and not os.path.exists("/dev/dri"):
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", HOST, "sh", sys.executable, *sys.argv])
    os.dup2(os.open("/dev/null", os.O_RDONLY), 8)  # what the profile passes on, and where it reports
    os.dup2(os.open("/dev/null", os.O_WRONLY), 9)
    source = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
    if os.geteuid() != 0:
        print("not tried: the execve of program and daemon alone: only root's strace can read which file an undumpable process names", flush=True)
    wrong = []
    for user, who in users():
        with tempfile.TemporaryDirectory(prefix="immure-faults.", dir="/var/tmp") as place:
            for name in ("fault", "data", "upper-layer", "lower-layer", "notebook", "project/.git/hooks", "project/out", "www", "runtime/pulse", ".mozilla", "Downloads",
                         *(f"{slot}/{name}" for slot in SLOTS for name in ("upper", "work"))):
                os.makedirs(f"{place}/{name}")
            for name in ("project/.git/config", "runtime/wayland-0", "runtime/pulse/native"):
                open(f"{place}/{name}", "w").close()
            for name in ("program", "daemon"):
                shutil.copy(arguments.program, f"{place}/fault/{name}")
            shutil.copytree(f"{source}/examples", f"{place}/examples")
            profiles = {"everything": EVERYTHING.format(place=place), "program-alone": PROGRAM_ALONE.format(place=place)}
            if arguments.full:
                for example in sorted(glob.glob(f"{place}/examples/*.toml")):
                    title = os.path.basename(example).removesuffix(".toml")
                    profiles[title] = EXAMPLE.format(place=place, example=example)
                    with open(example) as file:
                        if '\nproc = ' not in file.read():  # where the program reads how it is confined
                            profiles[title] += '[[fs]]\nproc = "/proc"\n'
            for title, text in profiles.items():
                with open(f"{place}/{title}-victim.toml", "w") as file:
                    file.write(text)
                built = subprocess.run([arguments.immure, "build", f"{place}/{title}-victim.toml", "-o", f"{place}/fv-{title[:10]}"], capture_output=True, text=True)
                if built.returncode != 0:
                    sys.exit(f"{title} does not build:\n{built.stderr}")
            if user is not None:
                for at, dirs, files in os.walk(place):
                    for name in (".", *files):
                        os.chown(os.path.join(at, name), user.pw_uid, user.pw_gid)
            for title in profiles:
                victim = Victim(title, f"{place}/fv-{title[:10]}", place, user, who)
                skipped, problems = try_profile(victim, title, arguments.full)
                if skipped and title in KEPT:
                    sys.exit(f"{title}, {who}: {skipped}")
                if skipped:
                    print(f"{title}, {who}: SKIPPED: {skipped}", flush=True)
                else:
                    wrong += problems
    if wrong:
        print(f"\nFAILED ({len(wrong)}):\n  " + "\n  ".join(wrong))
        sys.exit(1)


main()
