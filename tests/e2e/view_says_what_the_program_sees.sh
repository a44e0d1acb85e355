#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What `immure view --json` says of each path, compared with what stands there inside: kind, link, the mount's flags, and whether a write is refused.
mkdir -p source/inner lower upper work-directory
echo text >source/file
python_profile box <<END
[[fs]]
bind = "/data"
from = "$work/source"
write = true
[[fs]]
bind = "/data/inner"
from = "$work/lower"
[[fs]]
bind = "/not/there"
from = "$work/missing"
optional = true
[[fs]]
tmpfs = "/tmp"
exec = false
[[fs]]
tmpfs = "/closed"
readonly = true
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
upper = "$work/upper"
work = "$work/work-directory"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
[[fs]]
dir = "/a/b/c"
[[fs]]
file = "/a/file"
text = "x"
[[fs]]
file = "/tmp/file"
text = "x"
[[fs]]
remount = "/merged"
noexec = true
END

cat >look.py <<'END'
import json, os, stat, sys
view = json.loads(sys.argv[1])
mounts = {}
for line in open("/proc/self/mountinfo"):
    fields = line.split()
    mounts[fields[4]] = set(fields[5].split(","))
wrong = []
def expect(entry, what, found, wanted):
    if found != wanted: wrong.append(f"{entry['path']}: {what}: the view says {wanted!r}, inside it is {found!r}")
seen = 0
for entry in view["entries"]:
    path = entry["path"]
    if entry["optional"] and not os.path.lexists(path): continue
    if not os.path.lexists(path):
        wrong.append(path + ": is not there")
        continue
    seen += 1
    mode = os.lstat(path).st_mode
    if entry["what"] == "symlink":
        expect(entry, "link", os.readlink(path), entry["to"])
        continue
    expect(entry, "is a link", stat.S_ISLNK(mode), False)
    expect(entry, "is a mount", path in mounts, entry["mount"] == path)
    flags = mounts[entry["mount"]]
    expect(entry, "flags", sorted(f for f, o in (("readonly", "ro"), ("noexec", "noexec"), ("nosuid", "nosuid"), ("nodev", "nodev")) if o in flags),
           sorted(entry["flags"]))
    if stat.S_ISDIR(mode) and entry["what"] in ("directory", "tmpfs", "host", "overlay"):
        try:
            os.mkdir(path + "/.made-by-the-test")
            os.rmdir(path + "/.made-by-the-test")
            made = True
        except OSError as error:
            made = False
        expect(entry, "writable", made, entry["writable"] in ("yes", "host"))
everything = {entry["path"] for entry in view["entries"]}
for directory in ("/", "/a", "/a/b", "/dev"):
    for name in os.listdir(directory):
        path = directory.rstrip("/") + "/" + name
        if path not in everything: wrong.append(path + ": is not in the view")
print("\n".join(wrong) if wrong else "agreed" if seen > 30 else f"only {seen} paths")
END
run_ok "$IMMURE" view --json box.toml
view=$output
run_ok ./box -c "$(<look.py)" "$view"
assert_eq "$output" agreed

run_ok "$IMMURE" view --path /data/inner/x box.toml
assert_contains "$output" "host $work/lower/x"
assert_contains "$output" "by \`bind = \"/data/inner\"\` at box.toml:$(line_of box '"/data/inner"')"
run_ok "$IMMURE" view --writable box.toml
assert_matches "$output" 'W /merged '
assert_lacks "$output" /closed
run "$IMMURE" view --path relative box.toml
assert_status 2

# As JSON too; where nothing is, that is said.
run_ok "$IMMURE" view --json --path /data/inner/x box.toml
assert_contains "$output" '"writable": "no"'
assert_contains "$output" "\"origin\": \"box.toml:$(line_of box '"/data/inner"')\""
run_ok "$IMMURE" view --path /tmp/file/below box.toml
assert_contains "$output" 'nothing'
run "$IMMURE" view --writable --path / box.toml
assert_status 2
printf 'immure = 1\n[program]\npath = "/none"\n' >wrong.toml
run "$IMMURE" view wrong.toml
assert_status 1

# Colour is for terminals.
escape=$'\033'
on_terminal "'$IMMURE' view box.toml"
assert_contains "$output" "${escape}["
on_terminal "NO_COLOR=1 '$IMMURE' view box.toml"
assert_contains "$output" ' merged '
assert_lacks "$output" "$escape"
