#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[process]
status-fd = 7
END
cat >full.py <<'END'
import os, subprocess
read, write = os.pipe()
os.set_blocking(write, False)
try:
    while True: os.write(write, b"x" * 4096)
except BlockingIOError: pass
os.set_blocking(write, True)
os.dup2(write, 7)
done = subprocess.run(["./box", "-c", "exit 3"], pass_fds=[7], timeout=60)
print(done.returncode)
END
run_ok python3 -I -B full.py
assert_eq "$output" 3
