#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir home temporary empty
cat >box.toml <<'END'
immure = 1
extends = ["immure:system"]
[program]
path = "/bin/sh"
args = ["-c", 'echo "$1 $2"; cat; exit 7', "name"]
END
sed -i 's/\$\([12]\)/$$\1/g' box.toml
echo 'from stdin' >text
cp box.toml text empty/
cd empty
input=text
export HOME=$work/home TMPDIR=$work/temporary
run "$IMMURE" run box.toml -- one --two
assert_status 7
assert_eq "$output" $'one --two\nfrom stdin'
assert_eq "$(find . ../home ../temporary | sort | tr "\n" " ")" ". ../home ../temporary ./box.toml ./text " files
