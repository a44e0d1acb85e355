#!/usr/bin/env bash
# reproducible.sh SOURCE_DIRECTORY: the release command built twice, in directories of different names and lengths, is the same bytes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for name in one "another directory, with a longer name"; do
  mkdir -p "$place/$name"
  tar -C "$1" --exclude=./build --exclude=./.git -cf - . | tar -C "$place/$name" -xf -
  (cd "$place/$name" && env -u CCACHE_BASEDIR CCACHE_DISABLE=1 cmake --preset release -DIMMURE_TESTS=OFF >/dev/null && cmake --build build/release --target immure -- --quiet)
done
if ! cmp "$place/one/build/release/immure" "$place/another directory, with a longer name/build/release/immure"; then
  echo 'FAILED: the two builds differ'
  exit 1
fi
if strings -a "$place/one/build/release/immure" | grep -F "$place"; then
  echo 'FAILED: the command names the directory that it was built in'
  exit 1
fi
sha256sum "$place/one/build/release/immure"
