#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Nothing is writable but the stack, and the stack cannot be executed.
[[ $(flags_of "$STUB" LOAD) == $'RE\nR' ]] || fail "segments that are loaded: $(flags_of "$STUB" LOAD | xargs)"
[[ $(flags_of "$STUB" GNU_STACK) == RW ]] || fail "flags of the stack: $(flags_of "$STUB" GNU_STACK)"
# Nothing that a loader would have to do, and so nothing for RELRO to protect afterwards.
for type in INTERP DYNAMIC TLS GNU_RELRO; do
  [[ -z $(flags_of "$STUB" "$type") ]] || fail "it has a segment of type $type"
done
[[ $(readelf --relocs "$STUB") == *'no relocations'* ]] || fail 'it has relocations'

# Functions with arrays read the guard when they begin and compare it when they end.
code=$(objdump --disassemble --no-show-raw-insn "$STUB")
reads=$(grep -c 'mov .*%fs:0x28,' <<<"$code" || true)
compares=$(grep -c '\(sub\|xor\|cmp\) .*%fs:0x28,' <<<"$code" || true)
((reads > 10 && compares >= reads / 2)) || fail "the guard is read $reads times and compared $compares times"
printf 'guarded: %s functions\n' "$reads"
