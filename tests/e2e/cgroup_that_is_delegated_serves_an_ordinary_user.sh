#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

as_root || skip 'only root can delegate a cgroup'
mount_point=$(awk '{ for (i = 7; $i != "-"; ++i); if ($(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
[[ -n $mount_point ]] || skip 'no cgroup v2 is mounted here'
own=$mount_point$(awk -F: '$1 == 0 { print $3 }' /proc/self/cgroup)
group=${own%/}/immure-test-$$
mkdir "$group" "$group/launcher" "$group/box" 2>/dev/null || skip 'no cgroup can be made here'
leave() {
  echo $$ >"$own/cgroup.procs"
  rmdir "$group/launcher" "$group/box" "$group" || true
}
trap 'leave; clean_up' EXIT

# As cgroups(7) has it: the directory and what moves processes in it are the user's, and the user begins in it.
user=12345
chown "$user:$user" "$group" "$group"/*/ "$group/cgroup.procs" "$group"/*/cgroup.procs
chmod 0755 "$work"
shell_profile box <<END
[cgroup]
path = "$group/box"
[[fs]]
proc = "/proc"
END
echo $$ >"$group/launcher/cgroup.procs"
run_ok setpriv --reuid "$user" --regid "$user" --clear-groups ./box -c 'id -u; grep ^0: /proc/self/cgroup'
assert_eq "$output" "$user"$'\n0::/'
# Elsewhere the kernel refuses it, and nothing runs.
mkdir "$group/other"
sed -i "s|$group/box|$group/other|" box.toml
run_ok "$IMMURE" build box.toml -o box
run setpriv --reuid "$user" --regid "$user" --clear-groups ./box -c 'echo ran'
rmdir "$group/other"
assert_status 125
assert_eq "$output" ''
assert_contains "$errors" 'cannot start init in it: Permission denied (it is not delegated to you: '
