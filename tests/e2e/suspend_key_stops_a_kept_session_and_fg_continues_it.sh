#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

shell_profile box <<'END'
[process]
new-session = false
END
cat >terminal.py <<'END'
import os, pty, time
pid, master = pty.fork()
if pid == 0:
    os.execv("/bin/bash", ["bash", "--norc", "--noprofile", "-i"])
os.set_blocking(master, False)
text = b""
def expect(what, seconds=20):
    global text
    end = time.time() + seconds
    while what not in text:
        if time.time() > end:
            raise SystemExit("waited for %r, saw %r" % (what, text))
        try:
            text += os.read(master, 1000)
        except BlockingIOError:
            time.sleep(0.02)
    text = text[text.index(what) + len(what):]
def type(line):
    os.write(master, line)
type(b"bind 'set enable-bracketed-paste off'; PS1='prom''pt% '; stty -echo\n")
expect(b"prompt% ")
type(b"./box -c 'echo in''side; read line; echo \"got $line\"'\n")
expect(b"inside")
time.sleep(0.3)
type(b"\x1a")
expect(b"Stopped")
expect(b"prompt% ")
type(b"echo the shell li''ves\n")
expect(b"the shell lives")
type(b"fg\n")
expect(b"box")
time.sleep(0.3)
type(b"a line\n")
expect(b"got a line")
expect(b"prompt% ")
type(b"exit\n")
print("ok")
END
run_ok timeout 100 python3 terminal.py
assert_eq "$output" ok
