#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# The filters that hakurei publishes the SHA-512 of, for x86-64, which is enough for all of its presets and flags.
compared=0
while IFS='|' read -r target flags presets digest; do
  [[ $target != '#'* ]] || continue
  {
    printf 'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/bin/true"\n[process]\nnew-session = false\n'
    printf '[seccomp]\ncompat = "hakurei-0.3"\npresets = [%s]\n' "$presets"
    for flag in $flags; do printf '%s = true\n' "$flag"; done
  } >compat.toml
  run_ok "$IMMURE" emit bpf compat.toml --target "$target" -o filter.bpf
  assert_eq "$(sha512sum <filter.bpf)" "$digest  -" "$target, flags \`$flags\`, presets $presets"
  compared=$((compared + 1))
done <"$IMMURE_SOURCE/tests/data/hakurei-0.3-digests.txt"
assert_eq "$compared" 7 'digests compared'

# A new session adds deny-tty there, and so it does here.
sed -e '/new-session/d' -e 's/^presets = .*/presets = []/' compat.toml >session.toml
sed 's/^presets = .*/presets = ["deny-tty"]/' compat.toml >tty.toml
run_ok "$IMMURE" emit bpf session.toml -o session.bpf
run_ok "$IMMURE" emit bpf tty.toml -o tty.bpf
cmp session.bpf tty.bpf || fail 'a new session does not add deny-tty'

# Another target is another program.
for target in i386 aarch64; do
  run_ok "$IMMURE" emit bpf compat.toml --target "$target" -o "$target.bpf"
  ! cmp --silent "$target.bpf" filter.bpf || fail "$target has the filter of x86_64"
done
