#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cat >box.toml <<'TOML'
immure = 1
extends = ["immure:system"]
[program]
path = "/bin/true"
[seccomp]
presets = ["ext", "deny-ns", "deny-tty"]
multiarch = true
[[seccomp.rule]]
syscalls = ["bpf", "@io-uring"]
action = "kill-process"
[[seccomp.rule]]
syscalls = ["prctl"]
action = "EACCES"
args = [{ index = 0, op = "ge", value = 40 }, { index = 1, op = "ne64", value = 0 }]
TOML
explained() { # EXPECTED ARGUMENT...
  local expected=$1
  shift
  run_ok "$IMMURE" explain "$@"
  assert_eq "$output" "$expected" "explain $*"
}

explained 'ioctl(0, TIOCSTI)
  on x86_64, as call 16: fails with EPERM
    because of the preset `deny-tty` (box.toml:6), as the low half of argument 1 is 0x5412
    also: fails with EPERM when the low half of argument 1 is 0x541c, by `deny-tty`
  on i386, as call 54: fails with EPERM
    because of the preset `deny-tty` (box.toml:6), as the low half of argument 1 is 0x5412
    also: fails with EPERM when the low half of argument 1 is 0x541c, by `deny-tty`' ioctl box.toml 0 TIOCSTI
explained 'io_uring_setup()
  on x86_64, as call 425: ends the process
    because of the rule at box.toml:9
  on i386, as call 425: ends the process
    because of the rule at box.toml:9' io_uring_setup box.toml
explained 'prctl(41, 1)
  on x86_64, as call 157: fails with EACCES
    because of the rule at box.toml:12, as the low half of argument 0 is at least 0x28 and argument 1 is not 0
  on i386, as call 172: fails with EACCES
    because of the rule at box.toml:12, as the low half of argument 0 is at least 0x28 and argument 1 is not 0' prctl box.toml 41 1
explained 'chown32()
  x86_64 has no such call
  on i386, as call 212: fails with EPERM
    because of the preset `deny-ns with ext` (box.toml:6)' chown32 box.toml
explained 'read(0, 1)
  on aarch64, as call 63: goes to the kernel
    because of no rule: a call that none matches is the kernel'\''s
  on arm, as call 3: goes to the kernel
    because of no rule: a call that none matches is the kernel'\''s' --target aarch64 read box.toml 0 1
# By number: x32's too.
run_ok "$IMMURE" explain 0x40000001 box.toml
assert_contains "$output" 'ends the process
    because of its number: it belongs to x32'
run_ok "$IMMURE" explain 425 box.toml
assert_contains "$output" 'on x86_64, `io_uring_setup`: ends the process'
# Flags are joined, and beat the rest of the register.
run_ok "$IMMURE" explain clone box.toml 'CLONE_NEWUSER | CLONE_VM | 17'
assert_contains "$output" 'on x86_64, as call 56: fails with EPERM'
run_ok "$IMMURE" explain clone box.toml 'CLONE_VM | 17'
assert_contains "$output" 'on x86_64, as call 56: goes to the kernel'
assert_contains "$output" 'also: fails with EPERM when argument 0 & 0x10000000 is 0x10000000, by `deny-ns`'

printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/true"\n[seccomp]\nenabled = false\n' >open.toml
explained 'mount
  goes to the kernel
    because this profile has no filter' mount open.toml

printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/true"\n[seccomp]\ndefault = "ENOSYS"\n[[seccomp.rule]]\nsyscalls = ["@startup"]\naction = "allow"\n' >list.toml
explained 'getppid()
  on x86_64, as call 110: fails with ENOSYS
    because of the default at list.toml:6: no rule matches' getppid list.toml
explained 'mount()
  on x86_64, as call 165: fails with EPERM
    because of the preset `deny-ns`, there by default' mount list.toml

refused() { # MESSAGE ARGUMENT...
  local message=$1
  shift
  run "$IMMURE" explain "$@"
  assert_status 2
  assert_eq "$errors" "immure: $message" "explain $*"
}
refused 'there is no system call `opnat`; did you mean `openat`?' opnat box.toml
refused '`CLONE_NEWUSR` is no value that is known by name, and no number; did you mean `CLONE_NEWUSER`?' clone box.toml CLONE_NEWUSR
refused '`12x` is no value that is known by name, and no number' read box.toml 12x
refused 'a system call has at most 6 arguments' read box.toml 0 1 2 3 4 5 6
# A profile with faults is told so.
printf 'immure = 1\n' >bad.toml
run "$IMMURE" explain read bad.toml
assert_status 1
assert_contains "$errors" 'error['
