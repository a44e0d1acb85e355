#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

[[ $(readelf --file-header "$COMMAND") =~ Type:\ +DYN ]] || fail 'it is not position-independent'
[[ -n $(flags_of "$COMMAND" GNU_RELRO) ]] || fail 'it has no RELRO segment'
[[ $(readelf --dynamic "$COMMAND") =~ FLAGS[^$'\n']*NOW ]] || fail 'it binds symbols lazily, so RELRO leaves them writable'
[[ $(flags_of "$COMMAND" GNU_STACK) == RW ]] || fail "flags of the stack: $(flags_of "$COMMAND" GNU_STACK)"
[[ $(flags_of "$COMMAND" LOAD) != *WE* ]] || fail 'it has a segment that is both writable and executable'
[[ $(readelf --dyn-syms --wide "$COMMAND") == *__stack_chk_fail* ]] || fail 'it has no stack guard'
