#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir many
for ((i = 0; i < 300; ++i)); do
  printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/usr/bin/true"\n[[fs]]\ntmpfs = "/tmp"\nsize = %d\n' $((4096 + i % 3)) >many/$i.toml
done
for format in human json sarif github; do
  run "$IMMURE" check --format $format --jobs 1 many
  alone=$output$errors
  for jobs in 2 16; do
    run "$IMMURE" check --format $format --jobs $jobs many
    assert_eq "$(sha256sum <<<"$output$errors")" "$(sha256sum <<<"$alone")" "what $jobs threads say in $format"
  done
done
assert_eq "$(grep -c '^::warning' <<<"$alone")" 200
