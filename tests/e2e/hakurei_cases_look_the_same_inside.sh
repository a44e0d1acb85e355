#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The end-to-end cases of hakurei's container package, as profiles in tests/data/hakurei-cases. Each program tells its ids, its host name, its session and network, what the filter answers, the
# lines on capabilities and confinement of /proc/self/status, and its mountinfo; the file of expectations beside the profile has every field of that.
cases=$IMMURE_SOURCE/tests/data/hakurei-cases
cp "$cases/probe.py" .
compared=0
for profile in "$cases"/*.toml; do
  name=$(basename "$profile" .toml)
  chmod -R u+rwx layers 2>/dev/null || true
  rm -rf layers
  mkdir -p layers/{upper,work,lower0,lower1}
  echo zero | tee layers/lower0/zero >layers/lower0/both
  echo one | tee layers/lower1/one >layers/lower1/both
  sed "s|@WORK@|$work|g" "$profile" | build_profile "$name"
  run_ok "./$name" "$(readlink /proc/self/ns/net)"
  python3 "$cases/compare.py" "$cases/$name.txt" "$work" <<<"$output" >differences || fail "$name: $(<differences)"
  ((++compared))
done
((compared == 13)) || fail "$compared cases were compared"
