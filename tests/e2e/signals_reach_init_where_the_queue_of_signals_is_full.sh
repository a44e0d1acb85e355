#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Of a signal that finds the user's queue full (RLIMIT_SIGPENDING) the kernel forgets who sent it. The program can fill it, and must not cut itself off from its end by that.
name=queue$$
python_profile "$name" <<'END'
[process]
on-cancel = "interrupt"
cancel-wait = "300ms"
END
cat >fill.py <<'END'
import ctypes, signal, sys, time
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
signal.signal(signal.SIGINT, signal.SIG_IGN if sys.argv[1] == "stubborn" else lambda *_: sys.exit(6))
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
libc = ctypes.CDLL(None, use_errno=True)
while libc.sigqueue(1 if sys.argv[2] == "init" else libc.getpid(), 40, ctypes.c_void_p(0)) == 0: pass
print("full", flush=True)
time.sleep(1000)
END
for limit in 0 64; do
  for whose in own init; do
    started_full() {
      start bash -c "ulimit -i $limit; exec ./$name -c \"\$(cat fill.py)\" $1 $whose"
      started_says full
    }
    started_full yielding
    kill -USR1 "$pid"
    started_ends
    assert_status 7
    started_full yielding
    kill -USR2 "$pid"
    started_ends
    assert_status 6
    started_full stubborn
    kill -USR2 "$pid"
    started_ends
    assert_status 137
  done
done
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
