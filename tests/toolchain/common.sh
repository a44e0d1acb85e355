# shellcheck shell=bash
# For the tests of this directory: what one sees in an ELF file.
set -euo pipefail
export LC_ALL=C
fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}
segments_of() { readelf --program-headers --wide "$1"; }
# flags_of FILE TYPE: the flags of each segment of a type, one a line, without blanks.
flags_of() { segments_of "$1" | sed -n -E "s/^ *$2 +(0x[0-9a-f]+ +){5}([R ][W ][E ]).*/\2/p" | tr -d ' '; }
