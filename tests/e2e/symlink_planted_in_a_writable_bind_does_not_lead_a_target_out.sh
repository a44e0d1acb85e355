#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The class of CVE-2026-87766: the program of an earlier run plants a link where a later op makes its mount target.
mkdir -p shared victim source
echo source >source/file
writable="[[fs]]
bind = \"/data\"
from = \"$work/shared\"
write = true"
shell_profile made <<END
$writable
[[fs]]
dir = "/data/link/made"
create = true
END
shell_profile mounted <<END
$writable
[[fs]]
bind = "/data/link"
from = "$work/source"
create = true
END
shell_profile below <<END
$writable
[[fs]]
tmpfs = "/data/link/below"
create = true
END
shell_profile filed <<END
$writable
[[fs]]
file = "/data/link/file"
text = "text"
create = true
END
for to in "$work/victim" "../../../../../../../../$work/victim" "/proc/1/root$work/victim" "../victim" "/oldroot$work/victim"; do
  for profile in made mounted below filed; do
    rm -rf shared/link
    ln -s "$to" shared/link
    run "./$profile" -c 'ls -A /data /data/link'
    assert_eq "$(ls -A victim)" '' "what $profile left in the victim through $to"
    [[ ! -d $work/shared$work && ! -e $work/oldroot ]] || fail "$profile made something on the host through $to"
  done
done
