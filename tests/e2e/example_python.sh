#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/python.toml" .
run_ok "$IMMURE" check python.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build python.toml -o python
mkdir scripts
cat >scripts/report.py <<'END'
import helper, os, socket, sys, tempfile
print(helper.double(int(sys.argv[1])), os.getcwd(), sorted(os.listdir(".")))
tempfile.TemporaryFile().write(b"x")
for attempt in (lambda: open("new", "w"), lambda: socket.create_connection(("127.0.0.1", 80), 1)):
    try:
        attempt()
    except OSError as e:
        print(e.strerror)
END
echo 'def double(x): return 2 * x' >scripts/helper.py
cd scripts
run_ok ../python report.py 21
assert_eq "$output" "42 /work ['helper.py', 'report.py']
Read-only file system
Network is unreachable"
