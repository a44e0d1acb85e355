#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

run_ok "$IMMURE" emit schema
cp .out schema.json
cat >compare.py <<'END'
import json, sys, tomllib
schema = json.load(open("schema.json"))
while "$ref" in schema:
    schema = dict(json.load(open("schema.json"))["$defs"][schema["$ref"].rsplit("/", 1)[1]])
for path in sys.argv[1:]:
    for key in tomllib.load(open(path, "rb")):
        assert key in schema["properties"], (path, key)
END
run_ok python3 compare.py "$IMMURE_SOURCE"/examples/*.toml
