#!/usr/bin/env bash
# fetch.sh SERIES DIRECTORY: Debian's newest cloud kernel of a series (6.1, 6.12), unpacked below DIRECTORY/SERIES; nothing is installed.
#
# Prints where it lies. Status 77 and the reason where it cannot be had. What is there already is kept: kernels are not what changes here.
set -euo pipefail
series=$1 place=$2/$1

if [[ ! -e $place/whole ]]; then
  skip() {
    printf 'SKIP: there is no kernel %s to boot: %s\n' "$series" "$*"
    exit 77
  }
  command -v apt-get >/dev/null || skip 'no apt-get to fetch it with'
  # By name and not by a metapackage: which of those a release of Debian has differs, and what they mean moves on.
  package=$(apt-cache search --names-only "^linux-image-${series//./\\.}\.[0-9][0-9.]*[-+].*cloud-amd64\$" | cut -d' ' -f1 | sort --version-sort | tail -n 1)
  [[ -n $package ]] || skip "apt knows no package linux-image-$series…-cloud-amd64 (the security archives of Debian 12 have 6.1 and 6.12, that of Debian 13 has 6.12)"
  mkdir -p "$2"
  fresh=$(mktemp -d "$2/fetching.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  (cd "$fresh" && apt-get -o APT::Sandbox::User=root download "$package") >&2 || skip "apt-get download $package failed"
  dpkg-deb --extract "$fresh"/linux-image-*.deb "$fresh/tree"
  rm -rf "$fresh"/tree/usr/share "$fresh"/*.deb
  : >"$fresh/tree/whole"
  # Of two that fetch at the same time the second keeps what the first has put there.
  rm -rf "$place.old"
  mv --no-target-directory "$fresh/tree" "$place" 2>/dev/null || [[ -e $place/whole ]]
fi
printf '%s\n' "$place"
