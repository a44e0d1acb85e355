#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The steps of action.yml as a runner takes them: inputs put into the environment, the script run by bash.
python3 -c 'import yaml' 2>/dev/null || skip 'python3-yaml is not installed'
[[ -r $IMMURE_SOURCE/action.yml && -x $IMMURE_SOURCE/.ci/github-action ]] || skip 'the sources are not all here'
mkdir bin project
ln -s "$IMMURE" bin/immure
cat >runner.py <<'END'
import os, re, subprocess, sys, yaml
source, given = sys.argv[1], dict(word.split("=", 1) for word in sys.argv[2:])
action = yaml.safe_load(open(source + "/action.yml"))
assert action["runs"]["using"] == "composite"
assert set(given) <= set(action["inputs"]), "an input that the action does not have"
values = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
def fill(text):
    text = text.replace("${{ github.action_path }}", source)
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: values[m.group(1)], text)
for step in action["runs"]["steps"]:
    assert step["shell"] == "bash" and "inputs" not in step["run"], "an input in the text of a script is a way in"
    env = {name: fill(value) for name, value in step["env"].items()}
    status = subprocess.run(["bash", "-eo", "pipefail", "-c", fill(step["run"])], env={**os.environ, **env}).returncode
    if status: sys.exit(status)
END
export PATH=$work/bin:$PATH GITHUB_STEP_SUMMARY=$work/summary.md
action() { run python3 "$work/runner.py" "$IMMURE_SOURCE" "$@"; }
cd project
mkdir profiles
printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"' '[[fs]]' 'tmpfs = "/tmp"' 'size = 5000' >profiles/app.toml
action
assert_status 1
assert_contains "$output" '::warning file=profiles/app.toml,line=7,endLine=7,col=8,'
assert_contains "$(<"$work/summary.md")" '1 profile: 1 warning'
action deny-warnings=false sarif=found.sarif paths=profiles
assert_status 0
run_ok python3 -c 'import json; assert json.load(open("found.sarif"))["runs"][0]["results"][0]["ruleId"] == "W0331"'
action "allow=W0331"
assert_status 0
# shellcheck disable=SC2016  # it must stay what it is
action 'paths=$(touch owned) ; touch owned'
assert_status 2
assert_missing owned
