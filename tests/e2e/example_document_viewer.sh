#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# With a stand-in for the viewer, which looks at what a viewer would find.
cp "$IMMURE_SOURCE/examples/document-viewer.toml" .
run_ok "$IMMURE" check document-viewer.toml
assert_eq "$output$errors" '' 'what check says'
sed -i 's|^path = .*|path = "/usr/bin/python3"|' document-viewer.toml
run_ok "$IMMURE" build document-viewer.toml -o document-viewer
mkdir runtime documents
export XDG_RUNTIME_DIR=$work/runtime WAYLAND_DISPLAY=wayland-7
cat >compositor.py <<'END'
import os, socket
server = socket.socket(socket.AF_UNIX)
server.bind(os.environ["XDG_RUNTIME_DIR"] + "/wayland-7")
server.listen()
print("listening", flush=True)
server.accept()[0].sendall(b"a window")
END
touch runtime/bus
echo 'the text' >documents/letter
start python3 -u compositor.py
started_says listening
cd documents
cat >look.py <<'END'
import os, socket
client = socket.socket(socket.AF_UNIX)
client.connect(os.environ["XDG_RUNTIME_DIR"] + "/" + os.environ["WAYLAND_DISPLAY"])
print(client.recv(100).decode(), os.listdir(os.environ["XDG_RUNTIME_DIR"]), open("letter").read().strip(), [i for _, i in socket.if_nameindex() if open(f"/proc/self/net/dev") and i != "lo"])
try: open("letter", "a")
except OSError as error: print(error.strerror)
END
run_ok ../document-viewer look.py
assert_eq "$output" "a window ['wayland-0'] the text []"$'\nRead-only file system'
