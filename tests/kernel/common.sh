# shellcheck shell=bash
# What every test of a rule starts with: an end-to-end test's beginning, and a launcher that no check has stopped.
. "${BASH_SOURCE[0]%/*}/../e2e/common.sh"
: "${IMMURE_UNCHECKED:?the program that builds without checks}"

# rule CODE ENTRIES [OPTION...]: the command gives CODE for a profile with these entries of fs, and ./box is its launcher all the same: a shell. OPTION goes to
# unchecked. `@` in ENTRIES is the test's directory.
rule() {
  local code=$1 entries=$2
  shift 2
  write_box "$entries"
  [[ $code == - ]] || assert_says "$code"
  run_ok "$IMMURE_UNCHECKED" box.toml -o box "$@"
}

tables=''  # further ones
write_box() {
  printf 'immure = 1\nextends = ["immure:system"]\nfs = [\n%s\n]\n[program]\npath = "/bin/sh"\n%s' "${1//@/$work}" "$tables" >box.toml
}

# assert_says CODE: about box.toml, with the host's files looked at.
assert_says() {
  run "$IMMURE" check --host box.toml
  assert_contains "$errors" "[$1]" 'what the command says'
}

# refused [TEXT]: the launch ends before the program, and the line says TEXT.
refused() {
  run ./box -c 'echo started'
  assert_status 125
  assert_eq "$output" '' 'what the program said'
  assert_one_error_line
  assert_contains "$errors" "${1:-}"
}

# inside COMMAND: launches; what it says is in $output.
inside() { run_ok ./box -c "$1"; }

directories() { mkdir -p "$@"; }

# own_mounts: the rest of the test may mount, where nobody else sees it. The test runs once more, in namespaces of its own and in the same directory.
own_mounts() {
  if [[ -n ${IMMURE_OWN_MOUNTS:-} ]]; then
    rmdir "$work"
    trap - EXIT
    work=$IMMURE_OWN_MOUNTS
    cd "$work"
    return
  fi
  local -a user=()
  as_root || user=(--user --map-current-user --keep-caps)
  local ended=0
  IMMURE_OWN_MOUNTS=$work unshare "${user[@]}" --mount bash "$0" || ended=$?
  exit "$ended"
}

# as_another COMMAND...: root's tests become somebody whom files of others can be shown to.
another=65533
as_another() { setpriv --reuid="$another" --regid="$another" --clear-groups "$@"; }
