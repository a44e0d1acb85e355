#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for inodes in 0 4611686018427387904; do
  write_box "{ tmpfs = \"/t\", inodes = $inodes }"
  assert_says E0223
done

rule - '{ tmpfs = "/t", inodes = 5 }' --tmpfs nr_inodes=0
inside 'stat -f -c %c /t; for i in 1 2 3 4 5 6; do : >/t/$i || exit; done; ls /t | wc -l'
assert_eq "$output" $'0\n6'
rule - '{ tmpfs = "/t", inodes = 5 }' --tmpfs nr_inodes=4611686018427387904
refused 'Invalid argument'
