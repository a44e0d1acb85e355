# shellcheck shell=bash
# What every end-to-end test starts with: a private directory, a way to build and run a profile, and assertions that say what was seen.
#
# A test is one behaviour, and its file name is the sentence. It works in $work, which is removed at the end together with whatever it left
# running. Programs of the host (/usr) are the probes, so that a test reads as what a user would type.
set -euo pipefail
unset BASH_ENV ENV IMMURE_TRACE CDPATH
export LC_ALL=C.UTF-8 PATH=/usr/bin:/bin:/usr/sbin:/sbin

: "${IMMURE:?the command under test}" "${IMMURE_SOURCE:?the directory of the sources}"

work=$(mktemp -d)
work=$(realpath "$work")
started=()  # processes to end with the test
clean_up() {
  local status=$?
  trap - EXIT
  kill -KILL "${started[@]}" 2>/dev/null || true
  chmod -R u+rwx "$work" 2>/dev/null || true
  rm -rf "$work" || true
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

skip() {
  printf 'SKIP: %s\n' "$*"
  exit 77
}

# The last thing that ran, for assertions and for the message of a failed one.
output='' errors='' status=0 ran=''

fail() {
  printf 'FAILED: %s\n' "$*"
  if [[ -n $ran ]]; then
    printf -- '-- ran: %s\n-- status: %s\n-- standard output:\n%s\n-- standard error:\n%s\n' "$ran" "$status" "$output" "$errors"
  fi
  exit 1
}

# run COMMAND...: sets output, errors and status. Standard input is empty, or the file $input.
input=/dev/null
run() {
  ran=$*
  status=0
  "$@" <"$input" >"$work/.out" 2>"$work/.err" || status=$?
  output=$(tr -d '\0' <"$work/.out")
  errors=$(tr -d '\0' <"$work/.err")
}

# run_ok COMMAND...: the same, and a failed test if it does not succeed.
run_ok() {
  run "$@"
  assert_status 0
}

assert_status() { [[ $status == "$1" ]] || fail "expected exit status $1"; }
assert_eq() { [[ $1 == "$2" ]] || fail "${3:-value}: expected \`$2\`, got \`$1\`"; }
assert_contains() { [[ $1 == *"$2"* ]] || fail "${3:-text}: expected it to contain \`$2\`, got \`$1\`"; }
assert_lacks() { [[ $1 != *"$2"* ]] || fail "${3:-text}: expected it not to contain \`$2\`, got \`$1\`"; }
assert_matches() { [[ $1 =~ $2 ]] || fail "${3:-text}: expected it to match \`$2\`, got \`$1\`"; }
assert_exists() { [[ -e $1 ]] || fail "expected $1 to exist"; }
assert_missing() { [[ ! -e $1 && ! -L $1 ]] || fail "expected $1 not to exist"; }
assert_one_error_line() { [[ -n $errors && $errors != *$'\n'* ]] || fail "expected exactly one line on standard error"; }

# on_terminal COMMAND: a shell's command with a terminal as its output; sets output to what that shows.
on_terminal() {
  script --quiet --return --command "$1" /dev/null </dev/null >"$work/.terminal" || true
  output=$(tr -d '\r' <"$work/.terminal")
}

# build_profile NAME <TEXT: writes NAME.toml and builds the launcher ./NAME from it.
build_profile() {
  cat >"$work/$1.toml"
  run "$IMMURE" build "$work/$1.toml" -o "$work/$1"
  assert_status 0
}

# shell_profile NAME <TEXT: a profile whose program is the host's sh, so that a test runs `./NAME -c '…'`. TEXT is what comes after [program].
shell_profile() {
  {
    printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/sh"\n'
    cat
  } | build_profile "$1"
}

# python_profile NAME <TEXT: the same with `./NAME -c CODE` or `./NAME FILE` for the host's Python.
python_profile() {
  {
    printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/usr/bin/python3"\nargs = ["-I", "-B"]\n'
    cat
  } | build_profile "$1"
}

# outer_sandbox <TEXT: ./around, a sandbox in which launchers can run, for a filter or a mount that makes another host of this one. TEXT: its [seccomp] and what it binds.
outer_sandbox() {
  {
    printf '[user]\nuid = 1000\ngid = 1000\n[namespaces]\nnested = true\n[[fs]]\nproc = "/proc"\nharden = false\n[[fs]]\ndev = "/dev"\n'
    cat
  } | shell_profile around
}

# line_of NAME TEXT: the number of the first line of NAME.toml that holds TEXT.
line_of() { grep -n -F -m 1 -e "$2" "$work/$1.toml" | cut -d: -f1; }

# mount_at TARGET <MOUNTINFO: "options fstype super-options" of the topmost mount there; empty if there is none.
mount_at() {
  awk -v target="$1" '$5 == target { for (i = 7; $i != "-"; ++i); found = $6 " " $(i + 1) " " $(i + 3) } END { print found }'
}

# assert_mount TARGET FSTYPE OPTION...: what $output, a mountinfo, says of TARGET. `*` is any type; `!OPTION` must be absent.
assert_mount() {
  local target=$1 fstype=$2 line options option
  shift 2
  line=$(mount_at "$target" <<<"$output")
  [[ -n $line ]] || fail "there is no mount at $target"
  [[ $fstype == '*' || $(cut -d' ' -f2 <<<"$line") == "$fstype" ]] || fail "$target: expected a $fstype, got \`$line\`"
  options=,$(cut -d' ' -f1 <<<"$line"),
  for option; do
    if [[ $option == !* ]]; then
      [[ $options != *",${option#!},"* ]] || fail "$target: option ${option#!} is set: \`$line\`"
    else
      [[ $options == *",$option,"* ]] || fail "$target: option $option is not set: \`$line\`"
    fi
  done
}

# compile_calls: ./calls, which makes any system call by each way into the kernel; in an emulated machine, compiled before.
compile_calls() {
  if [[ -n ${IMMURE_GUEST:-} ]]; then
    cp /kit/calls .
  else
    cc -static -no-pie -O1 -o calls "$IMMURE_SOURCE/tests/e2e/probe/calls.c" || fail 'the probe cannot be compiled'
  fi
}

# wait_until COMMAND...: polls for ten seconds, and longer in an emulated machine.
wait_until() {
  local i
  for ((i = 0; i < (${IMMURE_GUEST:-0} ? 6000 : 500); ++i)); do
    "$@" && return 0
    sleep 0.02
  done
  return 1
}

# start COMMAND...: in the background, its output in started.out and started.err; the process id is in $pid.
start() {
  ran=$*
  : >"$work/started.out"
  "$@" </dev/null >>"$work/started.out" 2>"$work/started.err" &
  pid=$!
  started+=("$pid")
}
started_said() { grep -q -F -e "$1" "$work/started.out"; }
started_says() {
  wait_until started_said "$1" || {
    output=$(<"$work/started.out") errors=$(<"$work/started.err")
    fail "the program did not say \`$1\`"
  }
}
# started_ends: waits for it; sets status, output and errors.
started_ends() {
  status=0
  wait "$pid" || status=$?
  output=$(<"$work/started.out")
  errors=$(<"$work/started.err")
}

# processes_named NAME: ids of the living processes whose command name is NAME (at most 15 bytes). A sandbox's init keeps its launcher's
# name there, and the file can be read whoever owns the process. Root and the user run the same test at once: a name has the shell's $$ in it.
processes_named() {
  local directory comm stat state
  # Without a fork for each process, so that a poll stays short on a machine with many.
  for directory in /proc/[0-9]*; do
    { read -r comm <"$directory/comm"; } 2>/dev/null || continue
    [[ $comm == "$1" ]] || continue
    { read -r stat <"$directory/stat"; } 2>/dev/null || continue
    state=${stat##*) }
    [[ $state != [ZX]* ]] && printf '%s\n' "${directory#/proc/}"
  done
  return 0
}
no_process_named() { [[ -z $(processes_named "$1") ]]; }

# own_cgroup: the directory of this test's cgroup v2; nothing where none is mounted.
own_cgroup() {
  local mount_point
  mount_point=$(awk '{ for (i = 7; $i != "-"; ++i); if ($(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
  [[ -z $mount_point ]] || printf '%s%s\n' "$mount_point" "$(awk -F: '$1 == 0 { sub("/$", "", $3); print $3 }' /proc/self/cgroup)"
}

# traces: what a launch could leave behind besides processes: files, mounts and cgroups. Other tests make cgroups meanwhile, by that name.
traces() {
  local own
  find "$work" ! -name '.out' ! -name '.err' | sort
  cat /proc/self/mountinfo
  own=$(own_cgroup)
  [[ -z $own ]] || find "$own" -type d ! -path '*/immure-test-*' 2>/dev/null | sort
}

linux_is_from() { [[ $(printf '%s\n' "$1" "$(uname -r)" | sort --version-sort | head -n 1) == "$1" ]]; }

# needs_linux VERSION WHAT: skips where the kernel is older; what the launcher says there, tests/kernels shows.
needs_linux() {
  linux_is_from "$1" || skip "$2: from Linux $1 on"
}

as_root() { ((EUID == 0)); }

# Without user namespaces or a /proc that may be mounted there is nothing to test here; the_host_can_make_sandboxes.sh says so loudly.
if [[ -z ${IMMURE_TEST_HOST:-} ]]; then
  unshare --user --map-current-user --mount --pid --fork --mount-proc true 2>/dev/null ||
    skip "this host does not let $(id -un) make user namespaces with a fresh /proc"
fi
