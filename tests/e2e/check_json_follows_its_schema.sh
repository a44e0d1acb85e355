#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Everything that the goldens show, which is every code that a text can give.
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
schema=$IMMURE_SOURCE/schema/diagnostics.schema.json goldens=$IMMURE_SOURCE/tests/golden/check
[[ -r $schema && -r $goldens ]] || skip 'the sources are not all here'
run "$IMMURE" check --format json "$goldens"
assert_status 1
cp .out found.json
cat >validate.py <<'END'
import json, sys, jsonschema
schema, found = (json.load(open(path)) for path in sys.argv[1:3])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(found)
assert len({d["code"] for d in found["diagnostics"]}) > 50
assert found["errors"] + found["warnings"] + found["notes"] == len(found["diagnostics"])
# and the schema does refuse: a member missing, a code of nobody's
for spoil in (lambda d: d.pop("message"), lambda d: d.update(code="E9999"), lambda d: d["place"].update(line=0)):
    bad = json.loads(json.dumps(found))
    spoil(bad["diagnostics"][0])
    assert not jsonschema.Draft202012Validator(schema).is_valid(bad)
END
run_ok python3 validate.py "$schema" found.json
run_ok "$IMMURE" check --format json "$IMMURE_SOURCE/examples"
cp .out found.json
run_ok python3 -c 'import json, jsonschema, sys; jsonschema.validate(json.load(open("found.json")), json.load(open(sys.argv[1])))' "$schema"
