#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

name=many$$
mkdir lower
shell_profile "$name" <<END
[[fs]]
overlay = "/merged"
lower = ["$work/lower"]
ephemeral = true
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
state() {
  find . ! -name '.out' ! -name '.err' | sort
  cat /proc/self/mountinfo
}
before=$(state)
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
assert_eq "$(state)" "$before" 'files and mounts'
