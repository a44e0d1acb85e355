#!/usr/bin/env python3
"""faults.py IMMURE PROGRAM [--full]: on real launchers, every system call of supervisor and init fails once (strace's injection), as root and as an ordinary user.

Whichever fails, and with whatever error: either nothing of the program has run, the status is 125 and one line says why, naming the profile's line where it was an entry's; or the program ran with everything
that confines it, and a row of HARMLESS says why that call may fail. No hang, and no process, mount or file is left. The program is program.S: it makes only calls that
the launcher never makes, so no fault is ever its own, and prints its own status.

Without --full one profile that uses every op, each call with one error; with it the examples too, each call with every error.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the sources may be read-only
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from whoever import become, processes, users  # noqa: E402

ERRORS = ["EPERM", "ENOMEM", "EINTR", "ENOSYS", "EINVAL", "EMFILE", "ENOSPC", "EIO"]
CONFINED = {"NoNewPrivs": "1", "Seccomp": "2", **{f"Cap{name}": "0" * 16 for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")}}

# Calls whose failure may leave the program running, confined. Each row was read beside the code that makes the call.
HARMLESS = {
    "close": "what is left open has close-on-exec, and the range is closed again before the program starts",
    "openat2": "ENOSYS: the walk without it follows no link",
    "open_tree_attr": "ENOSYS: kernels before 6.15, open_tree and mount_setattr do the same; ENOENT, EINVAL as from those",
    "move_mount": "EINVAL: the source is looked at, and where it is a file the target becomes one too; ENOENT: a mask that finds nothing to cover",
    "madvise": "the plan's pages are mapped on their first use instead",
    "fsconfig": "EBADF, EINVAL, EOPNOTSUPP: a layer is given by name instead, kernels before 6.13",
    "setgroups": "an ordinary user may not; root's groups stay, and the status line says so",
    "getgroups": "asks only what the status line says",
    "rt_sigqueueinfo": "a signal is not handed on",
    "kill": "a signal is not handed on",
    "rt_sigtimedwait": "after the start: the wait is taken up again or the sandbox ends with 125",
    "wait4": "after the start: the sandbox ends",
    "write": "a report to a supervisor that is gone",
    "umask": "cannot fail",
    "getxattr": "asks one thing, whether the upper's filesystem has user xattrs at all; any other answer than EOPNOTSUPP leaves it to the kernel, as before",
    "seccomp": "after the start: init's own filter; init then ends the sandbox",
    "ioctl": "asks whether standard output is a terminal, for /dev/console",
    "readlinkat": "asks for the terminal's name, for /dev/console",
    "landlock_create_ruleset": "asks for the ABI; a scope that is then missing is one that the profile can do without",
    "exit_group": "the end is tried again by exit",
    "setresuid": "before the ids are given up: 125",
    "capset": "after the start: 125",
    "poll": "after the start",
    "read": "which signals the caller ignored: all are reset instead",
    "openat": "which signals the caller ignored: all are reset instead; the limit of nested namespaces, which the filter denies as well",
    "mount": "layers by name",
    "prctl(PR_CAPBSET_DROP, 0x": "EINVAL: past the last capability, where strace has no name either",
}

# Refusals of an interrupted call that real kernels do not bring about: call -> (what is then said, why). The refusal itself has to be as for any other error.
UNREAL = {"close": ("cannot seal the root filesystem: Device or resource busy",
                    "a close(2) that says EINTR has closed on Linux; strace's has not, and a root with a file open for writing cannot be sealed")}

# What is said of the steps between the last entry and the sealing of the root.
AFTER_THE_ENTRIES = ("cannot hide a filesystem", "cannot remove the directory of a hidden filesystem", "cannot change the root filesystem's flags")

EVERYTHING = """immure = 1
name = "victim"
extends = ["immure:system"]
[program]
path = "/fault/program"
[env]
set = {{ A = "b" }}
inherit = ["LANG"]
[limits]
nofile = 512
[process]
new-session = false
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


class Victim:
    def __init__(self, launcher, place, user, who):
        self.launcher, self.place, self.user, self.who = launcher, place, user, who

    def launch(self, *strace):
        """(status or None for a hang, standard output, standard error, what strace wrote)"""
        with tempfile.NamedTemporaryFile("r", dir=self.place, prefix="strace.") as log:
            os.chmod(log.name, 0o666)
            process = subprocess.Popen(["strace", "-f", "-qq", "-o", log.name, *strace, self.launcher], preexec_fn=self.user and (lambda: become(self.user)), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True, cwd="/",
                                       env={"HOME": self.place, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "me", "PWD": f"{self.place}/project",
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
    """How often each call is made by the process that makes it most often, the program's own left out."""
    counts = collections.defaultdict(collections.Counter)
    for line in log.splitlines():
        if match := re.match(r"(\d+) +([a-z0-9_]+)\(", line):
            counts[match[1]][match[2]] += 1
    most = collections.Counter()
    for one in counts.values():
        for name, count in one.items():
            most[name] = max(most[name], count)
    for name in ("execve", "open", "pread64", "writev", "exit"):  # strace's own start of the launcher, and the program's
        most.pop(name, None)
    return most


def confined(out):
    fields = dict(line.split(":\t", 1) for line in out.splitlines() if ":\t" in line)
    return [f"{name} {fields.get(name)}" for name, value in CONFINED.items() if fields.get(name) != value]


def injected_call(log):
    """The line of the call that failed, with its arguments: where another process's came between, strace has put them into an earlier line."""
    lines = log.splitlines()
    at = next(i for i, line in enumerate(lines) if "(INJECTED)" in line)
    pid = lines[at].split()[0]
    return next(line for line in reversed(lines[:at + 1]) if line.startswith(pid + " ") and "resumed>" not in line).split(maxsplit=1)[1]


def is_harmless(name, log):
    return name in HARMLESS or any(injected_call(log).startswith(key) for key in HARMLESS if "(" in key)


def in_an_op(log):
    """Whether the call that failed is of an entry of the profile: after the new root is entered, and before it is sealed."""
    lines = log.splitlines()
    at = next(i for i, line in enumerate(lines) if "(INJECTED)" in line)
    begin = next((i for i, line in enumerate(lines) if re.search(r" chdir\(", line)), at)
    ended = any(re.search(r" mount_setattr\(AT_FDCWD, \S+, AT_EMPTY_PATH,| pivot_root\(", line) for line in lines[:at + 1])
    return begin + 1 < at and not ended  # the first is a look at the root


def judge(name, error, result):
    """What is wrong, or None. And whether the program ran."""
    status, out, err, log = result
    if "(INJECTED)" not in log:
        return None, "missed"
    if status is None:
        return "hangs", "hung"
    ran = "NoNewPrivs:" in out
    if ran:
        if missing := confined(out):
            return f"the program ran without {missing}", "ran"
        if error == "EINTR":
            return (None if status == 0 else f"EINTR is not survived: status {status}: {err.strip()}"), "ran"
        if not is_harmless(name, log):
            return f"the program ran though `{name}` failed, for which no reason is written", "ran"
        return None, "ran"
    if error == "EINTR" and name != "exit_group" and not (name in UNREAL and UNREAL[name][0] in err):
        return f"EINTR is not survived: status {status}: {err.strip()}", "refused"
    if status != 125:
        return f"status {status} and not 125: {err.strip()}", "refused"
    lines = err.splitlines()
    if name == "write" and not lines:
        return None, "refused"
    if len(lines) != 1 or not re.match(r"(victim|everything|[\w.-]+): ", lines[0]):
        return f"not one line that says why: {err!r}", "refused"
    no_entry = [*AFTER_THE_ENTRIES, *([UNREAL[name][0]] if name in UNREAL else [])]
    if in_an_op(log) and not re.match(r"[\w.-]+: \S+:\d+: ", lines[0]) and not any(words in lines[0] for words in no_entry):
        return f"the line does not name the profile's: {err!r}", "refused"
    return None, "refused"


def files_below(place):
    return sorted(os.path.join(at, name) for at, dirs, files in os.walk(place) for name in dirs + files if not name.startswith("strace."))


def try_profile(victim, title, full):
    status, out, err, log = victim.launch()
    if status != 0 or confined(out):
        return f"the launch itself: status {status}: {err.strip()}", None
    plan = []
    for index, (name, count) in enumerate(sorted(calls_of(log).items())):
        for when in range(1, count + 1):
            for error in ERRORS if full else [ERRORS[(index + when) % len(ERRORS)]]:
                plan.append((name, when, error))
    before = files_below(victim.place), open("/proc/self/mountinfo").read()
    tally, wrong = collections.Counter(), []

    def one(fault):
        name, when, error = fault
        return fault, judge(name, error, victim.launch("-e", f"inject={name}:error={error}:when={when}"))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, when, error), (problem, outcome) in pool.map(one, plan):
            tally[outcome] += 1
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
    print(f"{title}, {victim.who}: {sum(tally.values()) - tally['missed']} faults injected; nothing ran {tally['refused']}, ran confined {tally['ran']}"
          f"{', not reached ' + str(tally['missed']) if tally['missed'] else ''}{', WRONG ' + str(len(wrong)) if wrong else ''}", flush=True)
    return None, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("immure")
    parser.add_argument("program")
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    if arguments.full and os.geteuid() == 0 and not os.path.exists("/dev/dri"):
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", HOST, "sh", sys.executable, *sys.argv])
    source = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
    wrong = []
    for user, who in users():
        with tempfile.TemporaryDirectory(prefix="immure-faults.", dir="/var/tmp") as place:
            for name in ("fault", "data", "upper-layer", "lower-layer", "notebook", "project/.git/hooks", "project/out", "www", "runtime/pulse", ".mozilla", "Downloads"):
                os.makedirs(f"{place}/{name}")
            for name in ("project/.git/config", "runtime/wayland-0", "runtime/pulse/native"):
                open(f"{place}/{name}", "w").close()
            shutil.copy(arguments.program, f"{place}/fault/program")
            shutil.copytree(f"{source}/examples", f"{place}/examples")
            profiles = {"everything": EVERYTHING.format(place=place)}
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
                victim = Victim(f"{place}/fv-{title[:10]}", place, user, who)
                skipped, problems = try_profile(victim, title, arguments.full)
                if skipped and title == "everything":
                    sys.exit(f"{title}, {who}: {skipped}")
                if skipped:
                    print(f"{title}, {who}: SKIPPED: {skipped}", flush=True)
                else:
                    wrong += problems
    if wrong:
        print(f"\nFAILED ({len(wrong)}):\n  " + "\n  ".join(wrong))
        sys.exit(1)


main()
