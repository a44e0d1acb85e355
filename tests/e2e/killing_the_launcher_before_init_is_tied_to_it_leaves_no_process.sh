#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The moment between init's start and its asking for the supervisor's death signal is too short to be met by chance, so it is made longer: long enough
# for a busy machine.
strace -o /dev/null true 2>/dev/null || skip 'strace does not work here'
name=untied$$
mkdir shared
shell_profile "$name" <<END
[[fs]]
bind = "/shared"
from = "$work/shared"
write = true
END
start strace -f -o log -e trace=prctl -e inject=prctl:delay_enter=4000000:when=1 "./$name" -c 'echo started >/shared/started; sleep 1000'
both() { [[ $(processes_named "$name" | wc -l) == 2 ]]; }
wait_until both || fail 'supervisor and init did not start'
supervisor=$(processes_named "$name" | sort -n | head -n 1)
kill -KILL "$supervisor"
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
grep -q PR_SET_PDEATHSIG log || fail 'init did not get as far as this test is about'
assert_missing shared/started
