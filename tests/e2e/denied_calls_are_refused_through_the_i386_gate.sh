#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

[[ $(uname -m) == x86_64 ]] || skip 'the ways into the kernel are those of x86-64'
compile_calls
profile() { # NAME <TEXT
  {
    printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/probe/calls"\n[[fs]]\nbind = "/probe"\nfrom = "%s"\n' "$work/probe"
    cat
  } | build_profile "$1"
}
mkdir probe
mv calls probe/
chmod 0755 . probe probe/calls

# number arguments answer: what the strict filter refuses, of i386; 102 is socketcall, whose words name a family that is refused.
cat >i386 <<'TABLE'
21 0 EPERM mount
22 0 EPERM umount
52 0 EPERM umount2
26 999 EPERM ptrace
88 0 EPERM reboot
79 0 EPERM settimeofday
25 0 EPERM stime
212 0 EPERM chown32
213 -1 EPERM setuid32
23 -1 EPERM setuid
288 0 EPERM keyctl
310 0 EPERM unshare
346 -1 EPERM setns
404 0 EPERM clock_settime64
405 0 EPERM clock_adjtime64
136 8 EPERM personality
54 0,0x5412 EPERM ioctl
120 0x10000011 EPERM clone
435 0 ENOSYS clone3
467 -1 ENOSYS open_tree_attr
359 38,3,0 EAFNOSUPPORT socket
360 38,3,0 EAFNOSUPPORT socketpair
102 1,words EAFNOSUPPORT socketcall
102 8,words EAFNOSUPPORT socketcall
20 0 passed getpid
359 1,1,0 passed socket
TABLE
calls_of() { awk '{ print $1, $2 }' "$1"; }
answers_of() { awk '{ print $1, $3 }' "$1"; }
killed_of() { awk '{ print $1, "killed 31" }' "$1"; }


profile open <<'TOML'
[seccomp]
enabled = false
TOML
run ./open int80 20 0
[[ $output == '20 passed' ]] || skip "this kernel has no i386 calls (\`int 0x80\` gives: ${output:-nothing})"

profile strict </dev/null
profile multi <<'TOML'
[seccomp]
multiarch = true
TOML
# shellcheck disable=SC2046  # words on purpose
{
  run_ok ./strict int80 $(calls_of i386)
  assert_eq "$output" "$(killed_of i386)" 'without multiarch'
  run_ok ./multi int80 $(calls_of i386)
  assert_eq "$output" "$(answers_of i386)" 'with multiarch'
}
