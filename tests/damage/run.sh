#!/usr/bin/env bash
# run.sh IMMURE DAMAGE SOURCES STEP [all]: launchers for damage.cc: a small one, and with `all` one of each example, whose program says only that it ran.
set -euo pipefail
immure=$1 damage=$2 sources=$(realpath "$3") step=$4
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/launchers"

# made NAME FRAGMENT: the launcher of a profile whose program is echo.
made() {
  cat >"$place/$1.toml" <<END
immure = 1
extends = ["$2"]
[program]
path = "/usr/bin/echo"
args = ["ran"]
END
  "$immure" build "$place/$1.toml" -o "$place/launchers/$1" 2>"$place/said" || {
    cat "$place/said"
    exit 1
  }
}
made system immure:system
if [[ ${5:-} == all ]]; then
  for example in "$sources"/examples/*.toml; do
    name=${example##*/}
    made "${name%.toml}" "$example"
  done
fi
[[ $("$place/launchers/system") == ran ]]  # so that silence below means something
"$damage" "$step" "$place"/launchers/*
