#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Lower layers, upper and work lie in a directory that the program may write. Directories there serve; a link in the place of any of them, which the program puts there, does not.
mkdir -p shared/{lower,upper,work} victim/{lower,upper,work} other
echo fine >shared/lower/file
echo secret >victim/lower/file
shell_profile reading <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
overlay = "/merged"
lower = ["$work/shared/lower", "$work/other"]
END
shell_profile writing <<END
[[fs]]
bind = "/data"
from = "$work/shared"
write = true
[[fs]]
overlay = "/merged"
lower = ["$work/other"]
upper = "$work/shared/upper"
work = "$work/shared/work"
END
run_ok ./reading -c 'cat /merged/file'
assert_eq "$output" fine
run_ok ./writing -c ': >/merged/new'
assert_exists shared/upper/new

# refused LAYER PROFILE PLANTER: the program of PLANTER puts the link there, and the next launch of PROFILE is refused.
refused() {
  run_ok "./$3" -c "mv /data/$1 /data/moved && ln -s $work/victim/$1 /data/$1"
  run "./$2" -c 'cat /merged/file; : >/merged/planted'
  assert_status 125
  assert_eq "$output" ''
  assert_one_error_line
  assert_contains "$errors" "$2.toml:$(line_of "$2" overlay): overlay \`/merged\`"
  assert_contains "$errors" "a symbolic link below a directory that this profile makes writable: \`$1\`"
  assert_eq "$(find victim | wc -l)" 5 'files of the victim'
  rm shared/"$1"
  mv shared/moved shared/"$1"
}
refused lower reading writing
refused upper writing reading
refused work writing reading
