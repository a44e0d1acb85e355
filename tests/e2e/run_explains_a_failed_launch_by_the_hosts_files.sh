#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

profile() { printf 'immure = 1\n%s\n[program]\npath = "%s"\n' "$2" "$3" >"$1.toml"; }

# A source that is missing: `check` cannot know, the launch fails at it, and the diagnostic names the line and the cure.
profile missing $'extends = ["immure:system"]\nfs = [{ bind = "/data", from = "'"$work"'/none" }]' /bin/true
run_ok "$IMMURE" check missing.toml
run "$IMMURE" run missing.toml
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" 'missing: missing.toml:3: bind `/data`'
assert_contains "$errors" "error[E0360]: this host gives no \`$work/none\`"
assert_contains "$errors" 'missing.toml:3:'
assert_contains "$errors" 'help: say `optional = true`'

# A script whose interpreter the view has not: the kernel speaks of the program, the diagnostic of the interpreter.
printf '#!/opt/none/bin/perl6\n' >script
chmod +x script
profile interpreter $'extends = ["immure:system"]\nfs = [{ bind = "/script", from = "'"$work"'/script" }]' /script
run "$IMMURE" run interpreter.toml
assert_status 127
assert_contains "$errors" 'error[E0367]: the `#!` interpreter `/opt/none/bin/perl6` of `/script` is not in the view'

# A working directory behind one that the program may not search, through a link of the bind.
mkdir -p open closed/in
ln -s ../closed/in open/way
chmod 0055 closed
profile closed $'extends = ["immure:system"]\nfs = [{ bind = "/data", from = "'"$work"'" }]' /bin/true
printf 'cwd = "/data/open/way"\n' >>closed.toml
run "$IMMURE" run closed.toml
assert_status 125
assert_contains "$errors" "error[E0304]: the working directory \`/data/open/way\` cannot be entered: this host's \`$work/closed\` may not be searched"
chmod 0755 closed

# A program that ends with such a status itself, and a launch that the host's files say nothing of: one line at most, and no diagnostic.
profile own $'extends = ["immure:system"]' /bin/sh
printf 'args = ["-c", "exit 125"]  # immure: allow W0347 -- it writes nothing\n' >>own.toml
sed -i 's|^path = .*|& # immure: allow W0347 -- it writes nothing|; s|^args = \(.*\)  #.*|args = \1|' own.toml
run "$IMMURE" run own.toml
assert_status 125
assert_eq "$output$errors" ''
