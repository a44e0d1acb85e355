#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cat >old.toml <<'END_OF_PROFILE'
immure = 1
name = "box"
extends = ["immure:system"]
[program]
path = "/usr/bin/true"
[limits]
nofile = 64
[env]
set = { A = "1", B = "2" }
[[fs]]
bind = "/opt"
[[fs]]
proc = "/proc"
END_OF_PROFILE
cp old.toml same.toml
run_ok "$IMMURE" diff old.toml same.toml
assert_eq "$output" ''

# The same in another order, and by other words.
cat >same.toml <<'END_OF_PROFILE'
immure = 1
name = "box"
extends = ["immure:system"]
[[fs]]
proc = "/proc"
[[fs]]
bind = "/opt"
from = "/opt"
[env]
set = { B = "2", A = "1" }
[limits]
nofile = 64
[process]
linger = "5000ms"
[program]
path = "/usr/bin/true"
END_OF_PROFILE
run_ok "$IMMURE" diff old.toml same.toml
assert_eq "$output" ''

sed -e 's/^bind = .*/&\nwrite = true/' -e 's/"2"/"3"/' -e 's/= 64/= 128/' old.toml >new.toml
printf '[namespaces]\nnetwork = "host"\n' >>new.toml
run "$IMMURE" diff old.toml new.toml
assert_status 1
assert_contains "$output" "+ files /opt: newly writable (new.toml:$(line_of new '"/opt"'))"
assert_contains "$output" '+ namespaces.network: `host` instead of `none`'
assert_contains "$output" '+ env.set: `B=3` is new'
assert_contains "$output" '+ limits.nofile: `128` instead of `64`'
run "$IMMURE" diff --json old.toml new.toml
assert_status 1
assert_contains "$output" '"grants": true'
# The way back takes all of that; the old value of the variable is a grant of its own.
run "$IMMURE" diff new.toml old.toml
assert_contains "$output" "- files /opt: no longer writable"
assert_lacks "$output" "+ files"

# Taken only: nothing to review. Something hidden that shows again is a grant. A file that cannot be read is neither.
cp old.toml hides.toml
printf '[[fs]]\ntmpfs = "/opt/secret"\nreadonly = true\n' >>hides.toml
run "$IMMURE" diff hides.toml old.toml
assert_status 1
assert_contains "$output" '+ files /opt/secret: no longer hidden: host /opt/secret instead of tmpfs'
sed '/^bind = /,$d; /^\[\[fs\]\]$/d' old.toml >less.toml
run_ok "$IMMURE" diff old.toml less.toml
assert_contains "$output" '- files /opt'
assert_lacks "$output" '+'
run "$IMMURE" diff old.toml none.toml
assert_status 2

# Colour is for terminals.
escape=$'\033'
on_terminal "'$IMMURE' diff old.toml new.toml"
assert_contains "$output" "${escape}[1;31m+${escape}[0m files /opt: newly writable"
on_terminal "NO_COLOR=1 '$IMMURE' diff old.toml new.toml"
assert_lacks "$output" "$escape"
