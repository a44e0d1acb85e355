#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"
needs_linux 6.12 "Landlock's scopes, without which a launcher does not share the host's network"

cp "$IMMURE_SOURCE/examples/web-server.toml" .
run_ok "$IMMURE" check web-server.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build web-server.toml -o web-server
mkdir documents
echo 'a document' >documents/page.txt
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
start env DOCUMENT_ROOT="$work/documents" PORT="$port" ./web-server
started_says 'Serving HTTP'
cat >fetch.py <<'END'
import http.client, sys
for path in "/page.txt", "/../../etc/passwd":
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    print(answer.status, answer.read().decode().strip() if answer.status == 200 else "")
END
run_ok python3 fetch.py "$port"
assert_eq "$output" $'200 a document\n404 '

# Nothing that it sees can be written: every directory on every mount.
server=
for process in $(processes_named python3); do
  tr '\0' ' ' <"/proc/$process/cmdline" | grep -q -e "--directory /srv/www $port" && server=$process
done
[[ -n $server ]] || fail 'the server was not found'
output=$(<"/proc/$server/mountinfo")
for target in / /usr /srv/www /dev /dev/shm; do
  assert_mount "$target" '*' ro
done
assert_eq "$(awk '$6 ~ /^rw/ { print $5 }' <<<"$output" | grep -v -x -E '/dev/(null|zero|full|random|urandom|tty|pts)' || true)" '' 'writable mounts'
kill -TERM "$pid"
started_ends
assert_status 143
run env -u DOCUMENT_ROOT ./web-server
assert_status 125
assert_contains "$errors" DOCUMENT_ROOT
