#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir source
{
  printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/sh"\n'
  for ((i = 0; i < 1000; ++i)); do printf '[[fs]]\nbind = "/binds/%d"\nfrom = "%s"\n' "$i" "$work/source"; done
} | build_profile box
run_ok ./box -c 'ls /binds | wc -l'
assert_eq "$output" 1000
