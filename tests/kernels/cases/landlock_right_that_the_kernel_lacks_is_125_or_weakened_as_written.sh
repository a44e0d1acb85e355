#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"

# right ABI ENTRY TEXT: what happens to a profile with the rule ENTRY, whose right came with ABI; its place is the line with TEXT.
right() {
  local on_missing
  for on_missing in fail weaken; do
    shell_profile box <<END
[process]
status-fd = 7
[landlock]
on-missing = "$on_missing"
[[landlock.path]]
path = "/usr"
access = ["read", "execute"]
$2
END
    run ./box -c 'echo ran' 7>status
    if ((landlock_abi >= $1)); then
      assert_status 0
      assert_lacks "$(missing_of status)" landlock-rules
    elif [[ $on_missing == weaken ]]; then
      assert_status 0
      assert_eq "$output" ran
      assert_contains "$(missing_of status)" '"landlock-rules"' 'what the status says is missing'
    else
      assert_status 125
      assert_eq "$output" ''
      assert_one_error_line
      assert_contains "$errors" "box.toml:$(line_of box "$3")"
      assert_contains "$errors" 'on-missing = "weaken"'
    fi
  done
}

right 1 '[[landlock.path]]
path = "/usr/bin/sh"
access = ["read-file"]' 'path = "/usr/bin/sh"'
right 2 '[[landlock.path]]
path = "/usr/lib"
access = ["refer"]' 'path = "/usr/lib"'
right 3 '[[landlock.path]]
path = "/usr/lib"
access = ["truncate"]' 'path = "/usr/lib"'
right 4 '[[landlock.port]]
port = 80
access = ["bind-tcp"]' 'port = 80'
right 5 '[[landlock.path]]
path = "/usr/lib"
access = ["ioctl-dev"]' 'path = "/usr/lib"'
