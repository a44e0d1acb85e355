#!/usr/bin/env bash
# bench.sh IMMURE: what a launch costs beside bubblewrap building the same view, and what a build costs beside starting the command at all.
#
# Times are of start to exit, around a static program that does nothing. Absolute numbers belong to the machine; the ratios are what to read.
# bubblewrap gets no filter to load (it would have to be fed one by a descriptor), so the comparison is in its favour by that much.
set -euo pipefail
immure=$(realpath "$1")
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
results=$source/build/bench
rounds=10  # in turns, so that a busy moment of the machine meets every command
runs=$((${IMMURE_BENCH_RUNS:-300} / rounds))
ordinary='immure-test'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0755 "$work"
mkdir -p "$results" "$work/app"

# ---- what is measured -------------------------------------------------------------------------------------------------------------------------
printf 'void _start(void) { __asm__ volatile("syscall" : : "a"(60), "D"(0)); __builtin_unreachable(); }\n' |
  cc -static -nostdlib -Os -s -x c - -o "$work/app/nothing"

cp "$source/examples/shell.toml" "$work/"
cat >"$work/nothing.toml" <<END
immure = 1
name = "shell"
extends = ["shell.toml"]
[program]
path = "/app/nothing"
[[fs]]
bind = "/app"
from = "$work/app"
END
"$immure" build "$work/nothing.toml" -o "$work/launcher"

# The view of examples/shell.toml, op by op.
cat >"$work/bubblewrap" <<END
bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup --unshare-net --die-with-parent --hostname shell
 --clearenv --setenv PATH /usr/bin:/usr/sbin --setenv HOME /home
 --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/sbin /sbin --symlink usr/lib /lib --symlink usr/lib64 /lib64
 --ro-bind /etc/passwd /etc/passwd --ro-bind /etc/group /etc/group --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache
 --ro-bind-try /etc/alternatives /etc/alternatives --ro-bind-try /etc/terminfo /etc/terminfo
 --proc /proc --dev /dev --tmpfs /tmp --tmpfs /home --ro-bind $work/app /app --remount-ro / --chdir /home /app/nothing
END
tr '\n' ' ' <"$work/bubblewrap" >"$work/bubblewrap.command"

largest=$(stat --format='%s %n' "$source"/examples/*.toml | sort -n | tail -n 1 | cut -d' ' -f2-)
cp "$largest" "$work/largest.toml"

# ---- measuring --------------------------------------------------------------------------------------------------------------------------------
# as USER COMMAND...
as() {
  local user=$1
  shift
  if [[ $user == "$(id -un)" ]]; then
    "$@"
  else
    env -i PATH=/usr/bin:/bin HOME=/ setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --inh-caps=-all "$@"
  fi
}

# measure USER GROUP NAME COMMAND [NAME COMMAND]...: appends to $work/samples.json. $output is a directory of USER's.
measure() {
  local user=$1 group=$2 samples=$output/samples.json
  shift 2
  local -a commands=()
  while (($#)); do
    commands+=(--command-name "$1" "$2")
    shift 2
  done
  for ((round = 0; round < rounds; ++round)); do
    if ! as "$user" hyperfine --shell=none --style=none --warmup 5 --runs "$runs" --export-json "$samples" --output=null "${commands[@]}" 2>"$work/errors"; then
      cat "$work/errors" >&2
      exit 1
    fi
    jq -c --arg user "$user" --arg group "$group" '.results[] | { group: $group, user: $user, name: .command, times }' "$samples" >>"$work/samples.json"
  done
}

users=("$(id -un)")
if ((EUID == 0)) && id "$ordinary" >/dev/null 2>&1; then users+=("$ordinary"); fi
: >"$work/samples.json"
# The command may lie where an ordinary user cannot go.
install -m 0755 "$immure" "$work/immure"
for user in "${users[@]}"; do
  output=$(as "$user" mktemp -d)
  measure "$user" launch immure "$work/launcher" bwrap "$(cat "$work/bubblewrap.command")" 'no sandbox' "$work/app/nothing"
  measure "$user" compile 'immure build' "$work/immure build $work/largest.toml -o $output/launcher" \
    'immure check' "$work/immure check $work/largest.toml" 'immure --version' "$work/immure --version"
  as "$user" rm -rf "$output"
done

# ---- the table --------------------------------------------------------------------------------------------------------------------------------
jq -s --arg date "$(date --utc --iso-8601=seconds)" --arg kernel "$(uname -r)" --arg processors "$(nproc)" \
  --arg model "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" --arg size "$(stat --format=%s "$work/launcher")" \
  --arg version "$("$immure" --version)" --arg bwrap "$(bwrap --version)" --arg largest "$(basename "$largest")" '
  def base: { launch: "immure", compile: "immure --version" };
  def us: . * 1e7 | round / 10;
  [ group_by([.user, .group, .name])[] | (map(.times) | add | sort) as $times
    | .[0] | del(.times) + { median_us: ($times[($times | length) / 2 | floor] | us), min_us: ($times[0] | us), p90_us: ($times[($times | length) * 0.9 | floor] | us), runs: ($times | length) } ]
  | sort_by([.user, .group == "compile", (.name == base[.group] | not)]) as $all
  | { date: $date, kernel: $kernel, processors: ($processors | tonumber), model: $model, version: $version, peer: $bwrap,
      launcher_bytes: ($size | tonumber), largest_example: $largest,
      results: [ $all[] | . as $r | . + { ratio: (.median_us / ($all[] | select(.group == $r.group and .user == $r.user and .name == base[$r.group]) | .median_us)) } ] }
' "$work/samples.json" >"$results/latest.json"

jq -r '
  "\(.version), \(.peer), Linux \(.kernel), \(.processors) processors; launcher of \(.launcher_bytes) bytes; largest example: \(.largest_example)", "",
  (["what", "user", "median µs", "min µs", "ratio"] | @tsv),
  (.results[] | [.name, .user, (.median_us | round), (.min_us | round), (.ratio * 100 | round / 100)] | @tsv)
' "$results/latest.json" | awk -F'\t' 'NF < 5 { print; next } { printf "%-18s %-14s %10s %10s %8s\n", $1, $2, $3, $4, $5 }'
printf '\nratios: launches to immure, compiling to immure --version; written to %s\n' "${results#"$source"/}/latest.json"
