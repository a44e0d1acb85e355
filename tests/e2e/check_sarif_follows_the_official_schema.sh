#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
schema=$IMMURE_SOURCE/build/npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json
[[ -r $schema ]] || skip "the schema of SARIF 2.1.0 is not in build/npm (./dev test puts it there)"
mkdir 'a directory'
printf 'immure = 1\nname = "ä"\n[program]\npath = "/usr/bin/true"\nargz = []\n' >'a directory/100%.toml'
run "$IMMURE" check --format sarif "$IMMURE_SOURCE/tests/golden/check" 'a directory'
assert_status 1
cp .out found.sarif
cat >validate.py <<'END'
import json, sys, jsonschema
schema, log = json.load(open(sys.argv[1])), json.load(open("found.sarif"))
jsonschema.Draft4Validator.check_schema(schema)
jsonschema.Draft4Validator(schema).validate(log)
run = log["runs"][0]
rules = run["tool"]["driver"]["rules"]
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
assert all(rule["help"]["markdown"] for rule in rules)
assert run["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20directory/100%25.toml"
assert any("fixes" in result for result in run["results"]) and any("relatedLocations" in result for result in run["results"])
run["results"][0]["level"] = "grave"
assert not jsonschema.Draft4Validator(schema).is_valid(log)
END
run_ok python3 validate.py "$schema"
run_ok "$IMMURE" check --format sarif "$IMMURE_SOURCE/examples"
cp .out found.sarif
run_ok python3 -c 'import json, jsonschema, sys; jsonschema.Draft4Validator(json.load(open(sys.argv[1]))).validate(json.load(open("found.sarif")))' "$schema"
