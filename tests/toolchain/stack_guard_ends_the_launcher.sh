#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

status=0
"$OVERRUN" || status=$?
[[ $status == 7 ]] || fail "without an overrun it ended with $status"
status=0
said=$("$OVERRUN" past-the-end 2>&1) || status=$?
[[ $status == 125 ]] || fail "after the overrun it ended with $status"
[[ $said == *'the stack is damaged'* && $said != *$'\n'* ]] || fail "it said: $said"
