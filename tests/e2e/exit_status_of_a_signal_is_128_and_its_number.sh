#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python_profile box </dev/null
for signal in HUP INT QUIT ILL ABRT FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU SYS; do
  run ./box -c "
import os, resource, signal
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if '$signal' != 'KILL':
    signal.signal(signal.SIG$signal, signal.SIG_DFL)
os.kill(os.getpid(), signal.SIG$signal)
"
  assert_status $((128 + $(kill -l "$signal")))
done
