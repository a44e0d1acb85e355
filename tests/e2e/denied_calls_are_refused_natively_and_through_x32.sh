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

# number arguments answer: every call that the strict filter refuses, and arguments with which the kernel itself would do nothing. Of x86-64.
cat >native <<'TABLE'
103 10 EPERM syslog
134 0 EPERM uselib
163 0 EPERM acct
179 0 EPERM quotactl
443 -1 EPERM quotactl_fd
248 0 EPERM add_key
250 0 EPERM keyctl
249 0 EPERM request_key
279 0 EPERM move_pages
237 0 EPERM mbind
239 0 EPERM get_mempolicy
238 9 EPERM set_mempolicy
256 0 EPERM migrate_pages
450 0 EPERM set_mempolicy_home_node
159 0 EPERM adjtimex
305 0 EPERM clock_adjtime
227 0 EPERM clock_settime
164 0 EPERM settimeofday
176 0 EPERM delete_module
313 -1 EPERM finit_module
175 0 EPERM init_module
320 -1 EPERM kexec_file_load
246 0 EPERM kexec_load
169 0 EPERM reboot
168 0 EPERM swapoff
167 0 EPERM swapon
272 0 EPERM unshare
308 -1 EPERM setns
165 0 EPERM mount
166 0 EPERM umount2
155 0 EPERM pivot_root
161 0 EPERM chroot
92 0 EPERM chown
93 -1 EPERM fchown
260 -1 EPERM fchownat
94 0 EPERM lchown
106 -1 EPERM setgid
116 -1 EPERM setgroups
114 -1,-1 EPERM setregid
119 -1,-1,-1 EPERM setresgid
117 -1,-1,-1 EPERM setresuid
113 -1,-1 EPERM setreuid
105 -1 EPERM setuid
298 0 EPERM perf_event_open
101 999 EPERM ptrace
154 0 EPERM modify_ldt
135 8 EPERM personality
135 0x0040000 EPERM personality
16 0,0x5412 EPERM ioctl
16 0,0xdead00005412 EPERM ioctl
16 0,0x541c EPERM ioctl
56 0x10000011 EPERM clone
56 0x20000011 EPERM clone
56 0x40000011 EPERM clone
56 0x00020011 EPERM clone
56 0x02000011 EPERM clone
56 0x04000011 EPERM clone
56 0x08000011 EPERM clone
56 0xdead10000011 EPERM clone
435 0 ENOSYS clone3
428 -1 ENOSYS open_tree
429 -1 ENOSYS move_mount
430 0 ENOSYS fsopen
431 -1 ENOSYS fsconfig
432 -1 ENOSYS fsmount
433 -1 ENOSYS fspick
442 -1 ENOSYS mount_setattr
467 -1 ENOSYS open_tree_attr
41 38,5,0 EAFNOSUPPORT socket
41 17,3,0 EAFNOSUPPORT socket
41 40,1,0 EAFNOSUPPORT socket
41 0xdead00000026,5,0 EAFNOSUPPORT socket
53 38,5,0 EAFNOSUPPORT socketpair
39 0 passed getpid
41 1,1,0 passed socket
TABLE
calls_of() { awk '{ print $1, $2 }' "$1"; }
answers_of() { awk '{ print $1, $3 }' "$1"; }
killed_of() { awk '{ print $1, "killed 31" }' "$1"; }

profile strict </dev/null
# shellcheck disable=SC2046  # words on purpose
{
  run_ok ./strict native $(calls_of native)
  assert_eq "$output" "$(answers_of native)" 'native calls'
  run_ok ./strict x32 $(calls_of native)
  assert_eq "$output" "$(killed_of native)" 'x32 calls'
}

# Not the kernel's own refusals: without a filter they fare otherwise.
profile open <<'TOML'
[seccomp]
enabled = false
TOML
run_ok ./open native 159 0 92 0 154 0 272 0 239 0 106 -1 435 0 135 8
assert_lacks "$output" EPERM
assert_lacks "$output" ENOSYS

profile multi <<'TOML'
[seccomp]
multiarch = true
TOML
grep -v modify_ldt native >native-multi
# shellcheck disable=SC2046
{
  run_ok ./multi native $(calls_of native-multi)
  assert_eq "$output" "$(answers_of native-multi)" 'native calls with multiarch'
  run_ok ./multi x32 $(calls_of native)
  assert_eq "$output" "$(killed_of native)" 'x32 calls with multiarch'
}
