#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"

# An abstract socket of the host.
cat >listen.py <<'END'
import socket, time
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0immure-test")
listener.listen()
open("listening", "w").close()
time.sleep(600)
END
python3 listen.py &
started+=($!)
wait_until test -e listening || fail 'the host did not listen'
readonly connect='import socket; socket.socket(socket.AF_UNIX).connect("\0immure-test")'
run_ok python3 -c "$connect"

profile() {
  python_profile box <<END
[process]
status-fd = 7
[namespaces]
network = "$1"
END
  # A key of the top level stands before the tables.
  [[ -z ${2:-} ]] || { sed -i "1a$2" box.toml && run_ok "$IMMURE" build box.toml -o box; }
}

# A network of its own shuts that door on every kernel.
profile none
run ./box -c "$connect" 7>status
assert_status 1
assert_contains "$errors" ConnectionRefusedError

if ((landlock_abi >= 6)); then
  profile host
  run ./box -c "$connect" 7>status
  assert_status 1
  assert_contains "$errors" PermissionError
  assert_lacks "$(missing_of status)" landlock-scopes
else
  assert_contains "$(missing_of status)" '"landlock-scopes"' 'what the status says is missing'
  profile host
  run ./box -c "$connect" 7>status
  assert_status 125
  assert_one_error_line
  assert_contains "$errors" 'Linux 6.12'
  assert_contains "$errors" 'weaken = ["landlock-scopes"]'
  profile host 'weaken = ["landlock-scopes"]'
  run ./box -c "$connect" 7>status
  assert_status 0
  assert_contains "$(missing_of status)" '"landlock-scopes"' 'what the status says is missing'
fi
