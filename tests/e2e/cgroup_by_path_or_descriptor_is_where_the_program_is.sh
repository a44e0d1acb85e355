#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mount_point=$(awk '{ for (i = 7; $i != "-"; ++i); if ($(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
[[ -n $mount_point ]] || skip 'no cgroup v2 is mounted here'
own=$(awk -F: '$1 == 0 { print $3 }' /proc/self/cgroup)
group=$mount_point${own%/}/immure-test-$$
mkdir "$group" 2>/dev/null || skip "$(id -un) may not make a cgroup below $own here: it is not delegated"
remove_group() { rmdir "$group/below" "$group" 2>/dev/null || true; }
trap 'remove_group; clean_up' EXIT
name=grouped$$
for way in path fd; do
  key="path = \"$group\""
  [[ $way == path ]] || key='fd = 9'
  shell_profile "$name" <<END
[cgroup]
$key
[[daemon]]
path = "/bin/sh"
args = ["-c", "grep ^0: /proc/self/cgroup >/run/daemon; exec sleep 1000"]
ready = "/run/daemon"
[[fs]]
proc = "/proc"
[[fs]]
tmpfs = "/run"
[[fs]]
dev = "/dev"
END
  exec 9<"$group"
  # Seen from inside, the cgroup is the root of all. The descriptor of a directory is not the program's.
  start "./$name" -c 'cat /run/daemon; grep ^0: /proc/self/cgroup; grep ^0: /proc/1/cgroup; [ ! -e /proc/self/fd/9 ] && echo ready; exec sleep 1000'
  started_says ready
  assert_eq "$(<started.out)" $'0::/\n0::/\n0::/\nready' "by $way"
  # Outside, init, daemon and program are in it, and the launcher is not.
  assert_eq "$(wc -l <"$group/cgroup.procs")" 3 "processes, by $way"
  assert_lacks " $(tr '\n' ' ' <"$group/cgroup.procs")" " $pid " 'processes'
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
  empty() { [[ -z $(<"$group/cgroup.procs") ]]; }
  wait_until empty || fail 'processes are left in the cgroup'
  exec 9<&-
done
# The launcher leaves the directory, which is the caller's, and no other.
assert_eq "$(find "$group" -mindepth 1 -type d)" '' 'cgroups below'
rmdir "$group"

run "./$name" -c 'echo ran'
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" "the cgroup's descriptor is not open: \`9\`: Bad file descriptor"
