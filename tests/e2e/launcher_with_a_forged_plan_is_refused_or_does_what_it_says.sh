#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A checksum that is right says only that nothing was damaged by accident. Every word of the plan's head is set to the values at the edges (none, beyond all, just at and
# just below the plan's end) and the checksum made right. Then the launcher refuses it, or the value is one that a plan may have (a time, a mode, a plan without steps) and it does what that says;
# it never crashes and never hangs.
build_profile box <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/usr/bin/true"
[seccomp]
presets = ["deny-tty"]
[[fs]]
tmpfs = "/tmp"
[[fs]]
proc = "/proc"
END
cat >forge.py <<'END'
import collections, os, struct, subprocess
launcher = bytearray(open("box", "rb").read())
program_headers, = struct.unpack_from("<Q", launcher, 32)
count, = struct.unpack_from("<H", launcher, 56)
loads = [struct.unpack_from("<IIQQQQQQ", launcher, program_headers + 56 * i) for i in range(count)]
begin, size = next((load[2], load[5]) for load in reversed(loads) if load[0] == 1)
plan = bytes(launcher[begin:begin + size])
MASK = (1 << 64) - 1

def checksum(data):  # wire.h
    h = 0x9e3779b97f4a7c15 ^ len(data)
    words = len(data) // 8 * 8
    for value in (*struct.unpack("<%dQ" % (words // 8), data[:words]), *data[words:]):
        h = ((h ^ value) * 0xff51afd7ed558ccd) & MASK
        h ^= h >> 32
    return h

def word(at): return struct.unpack_from("<I", plan, at)[0]
size = word(12)
assert struct.unpack_from("<Q", plan, 16)[0] == checksum(plan[24:size]), "the plan was not found"
head = word(24)  # the first thing after it is the name

def launch(forged):
    broken = launcher[:]
    broken[begin:begin + len(forged)] = forged
    with open("broken", "wb") as file: file.write(broken)
    os.chmod("broken", 0o755)
    done = subprocess.run(["./broken"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if done.returncode in (125, 127) and done.stdout == "" and done.stderr.count("\n") == 1: return "refused"
    if (done.returncode, done.stdout, done.stderr) == (0, "", ""): return "ran"
    return "status %d, %r, %r" % (done.returncode, done.stdout, done.stderr)

seen = collections.Counter()
for at in [8, 12, *range(24, head, 4)]:
    for value in (0, 0xffffffff, size, size - 1):
        if word(at) == value: continue
        forged = bytearray(plan)
        struct.pack_into("<I", forged, at, value)
        struct.pack_into("<Q", forged, 16, checksum(forged[24:size]))
        outcome = launch(bytes(forged))
        seen[outcome] += 1
        if outcome not in ("refused", "ran"): print("word at %d set to %#x: %s" % (at, value, outcome))
print(*sorted(seen), sep=", ")
assert seen["refused"] > 150, seen
END
run_ok python3 forge.py
assert_eq "$output" 'ran, refused'
