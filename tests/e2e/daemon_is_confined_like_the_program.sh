#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# What each sees of itself is the same, but for standard input and output, a daemon's being null and standard error, and for what is passed on, which is the program's alone.
shell_profile box <<'END'
[process]
pass-fds = [8]
[limits]
nofile = 99
[env]
set = { WHO = "both" }
[landlock]
on-missing = "weaken"
[[landlock.path]]
path = "/"
access = ["read", "execute"]
[[landlock.path]]
path = "/run"
access = ["write"]
[[landlock.path]]
path = "/dev"
access = ["write-file"]
[[daemon]]
path = "/bin/sh"
args = ["/look", "/run/daemon"]
ready = "/run/ready"
[[fs]]
file = "/look"
text = """
{
  grep -E '^(NoNewPrivs|Seccomp|Seccomp_filters|Cap...|Groups|Uid|Gid|SigBlk|SigIgn):' /proc/self/status
  ulimit -n
  umask
  env | grep -v '^_=' | sort
  unshare --user true 2>/dev/null || echo 'no namespaces'
  (: >/forbidden/file) 2>/dev/null || echo 'no writing'
} >"$1"
[ -e /proc/self/fd/8 ] && echo 'descriptor 8' >"$1.fd"
readlink /proc/self/fd/0 >"$1.input"
echo 'said on output'
: >/run/ready
[ "$1" = /run/program ] || exec sleep 1000
"""
[[fs]]
tmpfs = "/run"
[[fs]]
tmpfs = "/forbidden"
[[fs]]
proc = "/proc"
[[fs]]
dev = "/dev"
END
exec 8<box.toml
run_ok ./box -c 'sh /look /run/program >&2; diff /run/daemon /run/program && cat /run/daemon; cat /run/daemon.input; ls /run'
assert_contains "$output" $'NoNewPrivs:\t1'
assert_contains "$output" $'Seccomp:\t2'
assert_contains "$output" $'\n99\n'
assert_contains "$output" $'WHO=both\nno namespaces\nno writing\n/dev/null\n'
assert_eq "$(tail -n 6 <<<"$output")" $'daemon\ndaemon.input\nprogram\nprogram.fd\nprogram.input\nready' 'files'
assert_eq "$errors" $'said on output\nsaid on output'
