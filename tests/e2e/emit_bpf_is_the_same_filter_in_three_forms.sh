#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

profile=$IMMURE_SOURCE/examples/shell.toml
run_ok "$IMMURE" emit bpf "$profile" -o raw
run_ok "$IMMURE" emit bpf --c-header "$profile" -o shell_filter.h
run_ok "$IMMURE" emit bpf --text "$profile"
assert_eq "$(wc -l <<<"$output")" "$(($(stat -c %s raw) / 8))" 'instructions'

cat >dump.c <<'END'
#include <stdio.h>
#include "shell_filter.h"
int main(void) { return fwrite(shell_filter, sizeof shell_filter, 1, stdout) != 1; }
END
cp dump.c dump.cc
for source in dump.c dump.cc; do
  compiler=gcc; [[ $source != *.cc ]] || compiler=g++
  run_ok "$compiler" -Wall -Wextra -Werror "$source" -o dump
  ./dump >same
  cmp raw same || fail "the header as $source is another filter"
done

for target in i386 aarch64; do
  run_ok "$IMMURE" emit bpf --target "$target" "$profile" -o "raw-$target"
  ! cmp -s raw "raw-$target" || fail "the filter for $target is that for x86_64"
done
run "$IMMURE" emit plan --text "$profile"
assert_status 2
