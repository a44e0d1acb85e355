#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

tried=0
for spec in 'crun spec' 'crun spec --rootless' 'runc spec' 'runc spec --rootless'; do
  rm -rf bundle && mkdir bundle
  read -ra command <<<"$spec"
  if ! (cd bundle && XDG_RUNTIME_DIR=$work "${command[@]}") 2>err; then
    echo "not tried: $spec: $(<err)"
    continue
  fi
  tried=$((tried + 1))
  run_ok "$IMMURE" import oci bundle/config.json -o spec.toml
  assert_contains "$(<spec.toml)" 'from = "${BUNDLE}/rootfs"'
  assert_contains "$(<spec.toml)" 'keep = ["kill", "net-bind-service", "audit-write"]'
  run "$IMMURE" check spec.toml
  assert_status 0
done
((tried >= 2)) || fail 'no runtime wrote a spec'

# And what we write ourselves comes back with the same files.
for name in shell python build-step; do
  run env HOME=/root PWD=/root "$IMMURE" emit oci "$IMMURE_SOURCE/examples/$name.toml" -o "bundle-$name"
  assert_status 0
  run_ok "$IMMURE" import oci "bundle-$name/config.json" -o back.toml
  run "$IMMURE" check back.toml
  assert_status 0
done

# A filter of an engine is carried over rule by rule.
python3 - "$IMMURE_SOURCE/tests/e2e/import/filter.json" <<'END'
import json, sys
config = json.load(open('bundle/config.json'))
config['linux']['seccomp'] = json.load(open(sys.argv[1]))
json.dump(config, open('bundle/config.json', 'w'))
END
run_ok "$IMMURE" import oci bundle/config.json -o filtered.toml
run "$IMMURE" check filtered.toml
assert_status 0
assert_contains "$(<filtered.toml)" '{ index = 0, op = "masked-eq64", value = 0, mask = 2114060288 }'
run_ok "$IMMURE" emit bpf --text filtered.toml

for text in '' '[]' '{}' '{"ociVersion": 1}' '{"ociVersion": "1", "process": 1, "mounts": {}, "linux": [], "root": ""}' '{"ociVersion": "1", "process": {"args": []}, "mounts": [1, {}]}'; do
  printf '%s' "$text" >odd.json
  run "$IMMURE" import oci odd.json
  ((status <= 1)) || fail "\`$text\` is more than it can take"
done
