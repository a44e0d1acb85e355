#!/usr/bin/env bash
# run.sh BUILD SECONDS [TARGET...]: each libFuzzer target for so many seconds of processor time, one after the other, and one line for each: executions, and how many
# of its edges they covered. Processor time, since a busy machine would make a run by the clock a short one.
#
# What a run finds out stays in BUILD/corpus/TARGET, and the next one goes on from there. An input that breaks a promise is left in BUILD/found/TARGET; to mend
# it, copy it to tests/fuzz/corpus/TARGET under a name that says what it shows: that is the failing test.
set -euo pipefail
build=$1 seconds=$2
shift 2
targets=("$@")
((${#targets[@]})) || targets=(front_end image round_trip launcher)

# The processor time of PID in seconds (proc_pid_stat(5): utime and stime, counted behind the name); nothing once it has ended.
cpu_seconds() {
  local -a fields
  read -ra fields < <(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return
  echo $(((fields[11] + fields[12]) / $(getconf CLK_TCK)))
}

# Asks libFuzzer for its closing statistics (SIGUSR1) once PID has had its time.
end_in_time() {
  local spent
  while spent=$(cpu_seconds "$1") && [[ -n $spent ]]; do
    ((spent < seconds)) || { kill -USR1 "$1" 2>/dev/null || true; return; }
    sleep 1
  done
}

status=0
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target" "$build/found/$target"
  log=$build/$target.log
  mapfile -t seeds <"$build/tests/fuzz/$target.corpora"
  options=(-print_final_stats=1 -timeout=120 -rss_limit_mb=3072 -max_len=65536 -artifact_prefix="$build/found/$target/")
  [[ $target == front_end ]] && options+=(-dict="$build/tests/fuzz/language.dict" -max_len=8192)
  "$build/tests/fuzz/fuzz_$target" "${options[@]}" "$build/corpus/$target" "${seeds[@]}" >"$log" 2>&1 &
  fuzzer=$!
  end_in_time "$fuzzer"
  if wait "$fuzzer"; then
    verdict='nothing found'
  else
    status=1
    verdict="FOUND SOMETHING: see $log"
  fi
  # A fuzzer that did not come to start has none of these.
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  edges=$(sed -n 's/^INFO: Loaded .*(\([0-9]*\) inline 8-bit counters).*/\1/p' "$log" | head -n 1 || true)
  covered=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2 || true)
  printf '%-11s %9s executions, %5s of %5s edges covered: %s\n' "$target" "${executions:-?}" "${covered:-?}" "${edges:-?}" "$verdict"
done
exit "$status"
