#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The moments go through the whole start, which takes a few milliseconds.
name=early$$
mkdir lower
shell_profile "$name" <<END
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
ephemeral = true
[[fs]]
file = "/etc/embedded"
text = "contents"
[[daemon]]
path = "/bin/sh"
args = ["-c", ": >/dev/shm/ready; exec sleep 1000"]
ready = "/dev/shm/ready"
END
cat >kill.py <<'END'
import random, signal, subprocess, sys, time
random.seed(1)
for i in range(30):
    child = subprocess.Popen([sys.argv[1], "-c", "sleep 1000 & sleep 1000"], stdin=subprocess.DEVNULL)
    time.sleep(random.uniform(0, 0.008))
    child.kill()
    child.wait()
    if child.returncode != -signal.SIGKILL:
        raise SystemExit("round %d: the launcher ended by itself with %d" % (i, child.returncode))
END
before=$(traces)
run_ok python3 kill.py "./$name"
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
assert_eq "$(traces)" "$before" 'files, mounts and cgroups'
