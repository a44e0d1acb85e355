#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# A mask over the outer /proc, as containers have it, makes the kernel refuse a new one to anybody but the host's root.
shell_profile demanding <<'END'
[[fs]]
proc = "/proc"
END
shell_profile content <<'END'
[[fs]]
proc = "/proc"
optional = true
END

cat >masked <<'END'
mount --bind /dev/null /proc/keys
"$@"
END
run unshare --user --map-root-user --mount bash masked ./demanding -c 'echo started'
assert_status 125
assert_eq "$output" ''
assert_one_error_line
assert_contains "$errors" "demanding.toml:$(line_of demanding proc)"
run_ok unshare --user --map-root-user --mount bash masked ./content -c 'echo started; ls -A /proc'
assert_eq "$output" started
