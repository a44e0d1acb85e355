#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

cp "$IMMURE_SOURCE/examples/shell.toml" .
run_ok "$IMMURE" check shell.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build shell.toml -o shell
run_ok ./shell -c 'echo $HOME; pwd; ls -A /home; : >/home/file; : >/tmp/file; whoami'
assert_eq "$output" $'/home\n/home\n'"$(whoami)"
for change in ': >/usr/file' ': >/file' ': >>/etc/passwd' ': >/proc/sys/kernel/hostname' ': >/dev/file'; do
  run ./shell -c "$change"
  [[ $status != 0 ]] || fail 'it could be written'
done
run ./shell -c 'exit 9'
assert_status 9
