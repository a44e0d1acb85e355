#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/cgroup.bash"

# refused DIRECTORY TEXT...: a launch into DIRECTORY ends with 125, runs nothing, and its one line names the profile's and holds each TEXT.
refused() {
  shell_profile box <<END
[cgroup]
path = "$1"
END
  run ./box -c 'echo ran'
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "box.toml:$(line_of box "path = \"/sys")"
  shift
  local text
  for text; do assert_contains "$errors" "$text"; done
}

refused "$parent/case.none" 'open the directory' 'make it first'

new_group inner
mkdir "$group/case.leaf"
echo +memory >"$group/cgroup.subtree_control"
refused "$group" 'hands its controllers on' 'leaf'

new_group threads
mkdir "$group"/case.{threaded,invalid}
echo threaded >"$group/case.threaded/cgroup.type"
refused "$group/case.invalid" 'domain invalid'

new_group full
echo 0 >"$group/pids.max"
refused "$group" 'pids.max'

# An ordinary user needs the directory and the nearest one above both places.
as_root || refused "$cgroups/foreign" 'delegated'
