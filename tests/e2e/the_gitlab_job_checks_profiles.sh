#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

python3 -c 'import yaml' 2>/dev/null || skip 'python3-yaml is not installed'
[[ -r $IMMURE_SOURCE/.ci/gitlab.yml ]] || skip 'the sources are not all here'
mkdir bin project
ln -s "$IMMURE" bin/immure
export PATH=$work/bin:$PATH
# GitLab's shell runs the lines of `script` one after another and stops at the first that fails.
python3 - "$IMMURE_SOURCE/.ci/gitlab.yml" >job.sh <<'END'
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))["immure-check"]
print("set -eo pipefail", *(f"export {name}='{value}'" for name, value in job["variables"].items()), *job["script"], sep="\n")
END
cd project
printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"' >app.toml
run_ok bash ../job.sh
run_ok python3 -c 'import json; assert json.load(open("immure.sarif"))["version"] == "2.1.0"'
echo 'argz = []' >>app.toml
run bash ../job.sh
assert_status 1
