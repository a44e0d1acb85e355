#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Two hundred times as many profiles may take a little more memory for their names, and not for their texts.
mkdir few many
text=$(printf '%s\n' 'immure = 1' 'extends = ["immure:system"]' '[program]' 'path = "/usr/bin/true"'; printf '# %01000d\n' 1 2 3 4 5 6 7 8)
for ((i = 0; i < 2000; ++i)); do echo "$text" >many/$i.toml; done
cp many/?.toml few
peak() {
  python3 - "$@" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
}
few=$(peak "$IMMURE" check --jobs 2 few) many=$(peak "$IMMURE" check --jobs 2 many)
((many - few < 4096)) || fail "the peak grew from $few KiB for 10 profiles to $many KiB for 2000 (16 MB of text)"
