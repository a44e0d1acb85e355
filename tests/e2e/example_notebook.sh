#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/notebook.toml" .
run_ok "$IMMURE" check notebook.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build notebook.toml -o notebook
mkdir -p home/notebook
cat >home/notebook/app.py <<'END'
import os, sys
print(sys.argv, os.getcwd(), os.uname().nodename)
print(sorted((name, value) for name, value in os.environ.items() if name != "LC_CTYPE"))  # Python sets that one itself
open("result", "w").write("kept")
print(oct(os.stat("/tmp").st_mode & 0o7777), os.statvfs("/tmp").f_blocks * os.statvfs("/tmp").f_frsize)
END
run_ok env -i HOME="$work/home" LC_TIME=C TERM=dumb SECRET=1 ./notebook one two
assert_eq "$output" "['/work/app.py', 'one', 'two'] /work notebook
[('HOME', '/work'), ('LANG', 'C.UTF-8'), ('LC_TIME', 'C'), ('PATH', '/usr/bin'), ('TERM', 'dumb')]
0o1777 67108864"
assert_eq "$(<home/notebook/result)" kept
run env -i ./notebook
assert_status 125
assert_contains "$errors" HOME
