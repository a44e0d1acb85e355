# shellcheck shell=bash
# For cases about cgroup v2. The guest's init has mounted it with every controller on, gives the ordinary user the directory `delegated` as systemd would, and
# removes what is called `case.*` after each case.
. "$IMMURE_SOURCE/tests/e2e/common.sh"

readonly cgroups=/sys/fs/cgroup
if as_root; then parent=$cgroups; else parent=$cgroups/delegated; fi

# new_group NAME: makes a cgroup of the caller's; its directory is in $group.
new_group() {
  group=$parent/case.$$.$1
  mkdir "$group"
}

# As the kernel shows it in /proc/PID/cgroup.
place_of() { cut -d: -f3- "/proc/$1/cgroup"; }
