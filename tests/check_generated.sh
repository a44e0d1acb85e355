#!/usr/bin/env bash
# Fails when a generated file differs from what schema_gen prints today: check_generated.sh SCHEMA_GEN SOURCE_DIRECTORY
set -uo pipefail
schema_gen=$1 source=$2 status=0
while read -r what file; do
  if ! diff -u "$source/$file" <("$schema_gen" "$what"); then
    echo "$file is stale: build the target \`generate\`" >&2
    status=1
  fi
done <<'END'
schema schema/profile.schema.json
diagnostics schema/diagnostics.schema.json
reference docs/reference/language.md
errors docs/reference/errors.md
END
exit $status
