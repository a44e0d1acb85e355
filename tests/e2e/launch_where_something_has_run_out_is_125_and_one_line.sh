#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Descriptors, processes, memory, space, namespaces: each runs out in turn, and each time the program has either not been started, or it runs as it should.
name=scarce$$
cat >probe.toml <<END
immure = 1
name = "$name"
extends = ["immure:system"]
[program]
path = "/bin/sh"
args = ["-c", "grep ^NoNewPrivs: /proc/self/status; grep -c . /proc/self/mountinfo"]
[[fs]]
bind = "/wanted"
from = "$work/small/wanted"
ensure = true
[[fs]]
bind = "/data"
from = "$work/small"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
[[fs]]
tmpfs = "/tmp"
END
run_ok "$IMMURE" build probe.toml -o "$name"
mkdir small
run_ok "./$name"
whole=$output

# whole_or_nothing WHAT: what the last run did is one of the two. A program that finds no descriptor or no memory itself may end as it likes.
refused=0 started_whole=0
whole_or_nothing() {
  if [[ $status == 0 ]]; then
    assert_eq "$output" "$whole" "$1: what the program printed"
    started_whole=$((started_whole + 1))
  elif [[ $errors == "$name":* ]]; then
    assert_status 125
    assert_eq "$output" '' "$1: what the program printed"
    assert_one_error_line
    refused=$((refused + 1))
  elif ((status > 128)) && [[ $1 != *memory ]]; then
    fail "$1: killed"  # for want of memory the kernel ends what it cannot even map, the launcher too
  fi
}

# No descriptors: from none to enough.
for limit in 3 4 5 6 7 8 9 10 12 16 24 32 64 128; do
  run bash -c "ulimit -n $limit; exec ./$name"
  whole_or_nothing "$limit descriptors"
  [[ $errors != "$name":* ]] || assert_contains "$errors" 'Too many open files'
done
((refused > 0 && started_whole > 0)) || fail "of the limits of descriptors $refused refused and $started_whole started: one of the two was never tried"

# No processes: the limit counts all of a user's, and does not bind the host's root.
if ! as_root; then
  run bash -c "ulimit -u 0; exec ./$name"
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" 'Resource temporarily unavailable'
fi

# No pids: a pid namespace has a limit of its own since Linux 6.14; before, the file set the one of the host. Of the launch's processes init, the program and what that starts
# need one each; where the program finds none itself, it says so.
cat >scarce.py <<'END'
import os, signal, sys
with open("/proc/sys/kernel/pid_max", "w") as file: file.write("310")  # once they have wrapped, pids start at 300
taken = []
while True:
    try: child = os.fork()
    except BlockingIOError: break
    if child == 0:
        while True: signal.pause()
    taken.append(child)
for _ in range(int(sys.argv[1])):
    os.kill(taken[-1], signal.SIGKILL)
    os.waitpid(taken.pop(), 0)
os.execv(sys.argv[2], sys.argv[2:])
END
if linux_is_from 6.14; then
  refused=0 started_whole=0
  for free in 0 1 2 3 4; do
    run unshare --user --map-root-user --pid --fork --mount-proc python3 -I -B scarce.py "$free" "./$name"
    whole_or_nothing "$free free pids"
    [[ $errors != "$name":* ]] || assert_contains "$errors" 'Resource temporarily unavailable'
  done
  ((refused > 1 && started_whole > 0)) || fail "of the numbers of free pids $refused refused and $started_whole started: one of the two was never tried"
else
  echo "NOT TRIED: no free pids, since Linux $(uname -r) has one limit for all pid namespaces"
fi

# No address space: below some size the kernel cannot even map the launcher, and ends it; above, there is little between the launcher's first page and enough for it.
refused=0 started_whole=0
for limit in 100000 4000 {100..400..4}; do
  run bash -c "ulimit -v $limit; exec ./$name"
  whole_or_nothing "$limit KiB of memory"
  [[ $errors != "$name":* ]] || assert_contains "$errors" 'Cannot allocate memory'
  ((refused < 2)) || break
done
((refused > 0 && started_whole > 0)) || fail "of the sizes of memory $refused refused and $started_whole started: one of the two was never tried"

# No namespaces.
run unshare --user --map-root-user bash -c "echo 0 >/proc/sys/user/max_user_namespaces && exec ./$name"
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" 'user.max_*_namespaces'

# No space where a source is to be made. (Of a root that is too small for what is put into it, the command says so: tests/kernel, E0312.)
rmdir small/wanted
run unshare --user --map-root-user --mount bash -c "mount -t tmpfs -o size=4096,nr_inodes=1 none small && exec ./$name"
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" 'No space left on device'
assert_contains "$errors" "probe.toml:$(line_of probe /wanted)"

no_process_named "$name" || fail "left behind: $(processes_named "$name")"
