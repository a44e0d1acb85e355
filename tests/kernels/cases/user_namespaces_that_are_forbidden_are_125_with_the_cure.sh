#!/usr/bin/env bash
. "$IMMURE_SOURCE/tests/kernels/lib/kernel.bash"
as_root || skip 'only root can forbid them'

shell_profile box <<'END'
END
chmod 755 "$work"
# forbidden SYSCTL VALUE TEXT: what an ordinary user's launch says while it is so.
forbidden() {
  local file=/proc/sys/${1//.//} before
  before=$(<"$file")
  echo "$2" >"$file"
  run setpriv --reuid=990 --regid=990 --clear-groups ./box -c 'echo ran'
  echo "$before" >"$file"
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "$3"
}
forbidden kernel.unprivileged_userns_clone 0 'the sysctl `kernel.unprivileged_userns_clone`'
forbidden user.max_user_namespaces 0 'user.max_*_namespaces'
forbidden user.max_mnt_namespaces 0 'user.max_*_namespaces'
run_ok setpriv --reuid=990 --regid=990 --clear-groups ./box -c 'echo ran'
