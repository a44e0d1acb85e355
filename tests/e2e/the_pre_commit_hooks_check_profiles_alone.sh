#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

for tool in pre-commit git; do command -v $tool >/dev/null || skip "$tool is not installed"; done
[[ -r $IMMURE_SOURCE/.pre-commit-hooks.yaml ]] || skip 'the sources are not all here'
export HOME=$work PRE_COMMIT_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1
git config --global user.name test
git config --global user.email test@example.org
git config --global init.defaultBranch main
mkdir bin hooks project
ln -s "$IMMURE" bin/immure
export PATH=$work/bin:$PATH
(
  cd hooks
  git init -q
  cp "$IMMURE_SOURCE/.pre-commit-hooks.yaml" .
  git add . && git commit -qm hooks
)
cd project
git init -q
cat >.pre-commit-config.yaml <<END
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks: [{ id: immure-check }, { id: immure-check-all }]
END
printf '[package]\nname = "other"\n' >Cargo.toml
printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"' >app.toml
git add .
run_ok pre-commit run
assert_eq "$(grep -c Passed <<<"$output")" 2 'hooks that passed'
echo 'argz = []' >>app.toml
git add .
run pre-commit run
assert_status 1
assert_eq "$(grep -c Failed <<<"$output")" 2 'hooks that failed'
assert_contains "$output" 'error[E0201]'
