#!/usr/bin/env python3
"""load.py IMMURE [--launches N] [--alive N] [--signals N]: many launches in a row, many sandboxes alive at once, one supervisor with much to hand on.

Afterwards no process, mount, file, System V object or cgroup may be left, and the supervisor may have grown by nothing. As root everything runs twice: as root
and as the ordinary user immure-test.
"""
import argparse
import concurrent.futures
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the sources may be read-only
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from whoever import become, processes, users  # noqa: E402

PROFILE = """immure = 1
name = "{name}"
extends = ["immure:system"]
[program]
path = "/bin/sh"
[process]
linger = "0s"
[[fs]]
overlay = "/merged"
lower = ["{place}/lower"]
ephemeral = true
[[fs]]
bind = "/data"
from = "{place}/data"
write = true
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
[[fs]]
tmpfs = "/tmp"
"""


def text_of(path):
    with open(path) as file:
        return file.read()


def state(place):
    """What a launch could leave on the host."""
    return {
        "files": sorted(os.path.join(at, name) for at, dirs, files in os.walk(place) for name in dirs + files),
        "mounts": text_of("/proc/self/mountinfo"),
        "cgroups": sorted(glob.glob("/sys/fs/cgroup/**/", recursive=True)),
        "shared memory": text_of("/proc/sysvipc/shm").count("\n"),
        "abstract sockets": sum(" @immure" in line for line in text_of("/proc/net/unix").splitlines()),
    }


class Load:
    def __init__(self, immure, place, user, who):
        self.place, self.user, self.who = place, user, who
        self.name = f"load-{os.getpid() % 10000}-{'r' if user is None else 'u'}"
        self.launcher = f"{place}/{self.name}"
        for name in ("lower", "data"):
            os.mkdir(f"{place}/{name}")
        with open(f"{place}/{self.name}.toml", "w") as file:
            file.write(PROFILE.format(name=self.name, place=place))
        subprocess.run([immure, "build", f"{self.launcher}.toml", "-o", self.launcher], check=True, stderr=subprocess.DEVNULL)
        if user is not None:
            for path in (place, f"{place}/data", f"{place}/lower"):
                os.chown(path, user.pw_uid, user.pw_gid)

    def start(self, script, **options):
        return subprocess.Popen([self.launcher, "-c", script], preexec_fn=self.user and (lambda: become(self.user)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def launches(self, count):
        """Programs that write, that leave somebody behind, that are killed, that fail."""
        scripts = [("echo ran >/merged/file; echo ran >/tmp/file; echo ran", 0, "ran\n"), ("sleep 100 & echo ran", 0, "ran\n"), ("echo ran; kill -9 $$", 137, "ran\n"), ("exit 3", 3, "")]

        def one(i):
            script, status, printed = scripts[i % len(scripts)]
            process = self.start(script, stdin=subprocess.DEVNULL)
            out, err = process.communicate(timeout=120)
            return None if (process.returncode, out) == (status, printed) else f"launch {i}: status {process.returncode}, {out!r}, {err!r}"

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            wrong = [problem for problem in pool.map(one, range(count)) if problem]
        print(f"{self.who}: {count} launches, {len(wrong)} went otherwise than they should", flush=True)
        return wrong[:20]

    def alive(self, count):
        sandboxes = [self.start("echo ready; read line; echo $line", stdin=subprocess.PIPE) for _ in range(count)]
        wrong = [f"sandbox {i} is not ready" for i, sandbox in enumerate(sandboxes) if sandbox.stdout.readline() != "ready\n"]
        there = len(processes(self.name))  # supervisor and init of each
        if there != 2 * count:
            wrong.append(f"{there} processes for {count} sandboxes, expected {2 * count}")
        for i, sandbox in enumerate(sandboxes):
            out, err = sandbox.communicate(f"{i}\n", timeout=120)
            if (sandbox.returncode, out) != (0, f"{i}\n"):
                wrong.append(f"sandbox {i}: status {sandbox.returncode}, {out!r}, {err!r}")
        print(f"{self.who}: {count} sandboxes alive at once, {len(wrong)} went otherwise than they should", flush=True)
        return wrong[:20]

    def signals(self, count):
        """The supervisor has no heap, and so nothing to lose; this is to see it."""
        sandbox = self.start("trap : USR1; echo ready; while :; do sleep 100 & wait; done", stdin=subprocess.DEVNULL)
        sandbox.stdout.readline()

        def memory():
            return int(next(line for line in text_of(f"/proc/{sandbox.pid}/status").splitlines() if line.startswith("VmRSS")).split()[1])

        for _ in range(20):
            sandbox.send_signal(signal.SIGUSR1)
            time.sleep(0.01)
        before = memory()
        for _ in range(count):
            sandbox.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        after = memory()
        sandbox.kill()
        sandbox.wait()
        print(f"{self.who}: {count} signals handed on, the supervisor went from {before} to {after} KiB", flush=True)
        return [] if after <= before else [f"the supervisor grew from {before} to {after} KiB"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("immure")
    parser.add_argument("--launches", type=int, default=400)
    parser.add_argument("--alive", type=int, default=50)
    parser.add_argument("--signals", type=int, default=2000)
    arguments = parser.parse_args()
    wrong = []
    for user, who in users():
        with tempfile.TemporaryDirectory(prefix="immure-load.", dir="/var/tmp") as place:
            os.chmod(place, 0o755)
            load = Load(os.path.abspath(arguments.immure), place, user, who)
            before = state(place)
            wrong += [f"{who}: {line}" for line in load.launches(arguments.launches) + load.alive(arguments.alive) + load.signals(arguments.signals)]
            for _ in range(100):
                if not processes(load.name):
                    break
                time.sleep(0.1)
            if left := processes(load.name):
                wrong.append(f"{who}: processes are left: {left}")
            after = state(place)
            wrong += [f"{who}: {what} are left or gone: {before[what]} before, {after[what]} now" for what in before if before[what] != after[what]]
    if wrong:
        print("\nFAILED:\n  " + "\n  ".join(line[:2000] for line in wrong))
        sys.exit(1)
    print("nothing is left")


main()
