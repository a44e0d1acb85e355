#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
cat >count <<'END'
import signal
names = ["TERM", "INT", "HUP", "USR1", "USR2", "QUIT", "WINCH"]
numbers = {getattr(signal, "SIG" + name) for name in names}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print("ready", flush=True)
while True:
    got = signal.sigtimedwait(numbers, 0.6)
    if got is not None:
        print(signal.Signals(got.si_signo).name, flush=True)
END
start ./box -c "$(<count)"
started_says ready
for name in TERM INT HUP USR1 USR2 QUIT WINCH; do
  kill -"$name" "$pid"
  started_says "SIG$name"
done
sleep 0.7  # a second copy would come by now
assert_eq "$(tr '\n' ' ' <started.out)" 'ready SIGTERM SIGINT SIGHUP SIGUSR1 SIGUSR2 SIGQUIT SIGWINCH '
kill -0 "$pid" || fail 'the launcher ended'
