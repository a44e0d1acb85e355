#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"
needs_linux 6.12 "Landlock's scopes, without which a launcher does not share the host's network"

cp "$IMMURE_SOURCE/examples/agent.toml" .
run_ok "$IMMURE" check agent.toml
assert_eq "$output$errors" '' 'what check says'
run_ok "$IMMURE" build agent.toml -o agent
export HOME=$work/me SECRET_TOKEN=shh
mkdir -p me/.ssh project/.git/hooks
echo key >me/.ssh/id
printf '[core]\n' >project/.git/config
cd project
# It works, keeps its home, and sees none of ours.
run_ok ../agent -c 'echo done >result; echo mine >/home/notes; ls -A /home; echo "${SECRET_TOKEN:-none}"; echo /*'
assert_eq "$output" $'notes\nnone\n/bin /dev /etc /home /lib /lib64 /proc /sbin /tmp /usr /work' 'the home, the token, and all there is'
assert_eq "$(<result)" 'done'
run_ok ../agent -c 'cat /home/notes'
assert_eq "$output" mine
run ../agent -c "cat $work/me/.ssh/id"
[[ $status != 0 ]] || fail 'a key of the caller is in sight'
# What git would run as us stays as it was.
for attempt in 'echo x >.git/hooks/pre-commit' 'echo x >>.git/config' 'mv .git/hooks .git/old' 'rm -rf .git/hooks'; do
  run ../agent -c "$attempt"
  [[ $status != 0 ]] || fail 'the repository was opened for later'
done
assert_eq "$(ls .git)" $'config\nhooks'
assert_eq "$(<.git/config)" '[core]'
