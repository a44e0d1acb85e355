#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"
needs_linux 6.6 'user xattrs on tmpfs, which an ephemeral overlay writes'

# In a cgroup of its own where one can be made, which then must be empty: the kernel removes no other.
name=many$$
mkdir lower
own=$(own_cgroup)
group=${own:-/nowhere}/immure-test-$$
cgroup=''
if mkdir "$group" 2>/dev/null; then
  trap 'rmdir "$group" 2>/dev/null || true; clean_up' EXIT
  cgroup=$'[cgroup]\npath = "'$group'"'
fi
shell_profile "$name" <<END
$cgroup
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
ephemeral = true
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
before=$(traces)
for ((i = 0; i < 200; ++i)); do
  "./$name" -c 'sleep 100 & : >/merged/file' </dev/null &
  started+=("$!")
  if ((i % 8 == 7)); then
    sleep 0.05
    kill -TERM "${started[@]}" 2>/dev/null || true
    sleep 0.02
    kill -KILL "${started[@]}" 2>/dev/null || true
    wait "${started[@]}" 2>/dev/null || true
    started=()
  fi
done
wait_until no_process_named "$name" || fail "left behind: $(processes_named "$name")"
assert_eq "$(traces)" "$before" 'files, mounts and cgroups'
if [[ -n $cgroup ]]; then
  assert_eq "$(find "$group" -mindepth 1 -type d)" '' 'cgroups below'
  wait_until rmdir "$group" || fail 'the cgroup is not empty'
fi
