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
# The repository stays as it was, so that git runs nothing as us that the program chose: neither through a name in it, nor by another in its place.
before=$(find .git -type f -exec sha256sum {} + | sort)
for attempt in 'echo x >.git/hooks/pre-commit' 'echo x >>.git/config' 'mv .git/hooks .git/old' 'rm -rf .git/hooks' 'echo ../evil >.git/commondir' \
  'mv .git .old' 'mkdir .new && mv -T .new .git' 'rm -rf .git'; do
  run ../agent -c "$attempt"
  [[ $status != 0 ]] || fail "the repository was opened for later: $attempt"
done
assert_eq "$(find .git -type f -exec sha256sum {} + | sort)" "$before" 'what is in the repository'
run_ok ../agent -c 'cat .git/config'
assert_eq "$output" '[core]' 'the repository can be read'
# A directory without one is worked in all the same.
mkdir ../plain
cd ../plain
run_ok ../agent -c 'echo *'
