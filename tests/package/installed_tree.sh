#!/usr/bin/env bash
# installed_tree.sh BUILD_DIRECTORY: what `cmake --install` lays down, and that it works from there.
set -euo pipefail
build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}
DESTDIR=$root cmake --install "$build" --prefix /usr >/dev/null
for file in bin/immure share/immure/profile.schema.json share/immure/diagnostics.schema.json share/immure/examples/shell.toml share/man/man1/immure.1 \
  share/man/man5/immure-profile.5 share/bash-completion/completions/immure share/zsh/vendor-completions/_immure share/fish/vendor_completions.d/immure.fish \
  share/doc/immure/README.md share/doc/immure/reference/errors.md; do
  [[ -s $root/usr/$file ]] || fail "/usr/$file is not installed"
done
cmp <("$root/usr/bin/immure" completions bash) "$root/usr/share/bash-completion/completions/immure" || fail 'the completions are those of another command'
"$root/usr/bin/immure" check "$root/usr/share/immure/examples" || fail 'an installed example has errors'

# The version stands in one place.
version=$(sed -n 's/^project(immure VERSION \([0-9.]*\).*/\1/p' "$build/../../CMakeLists.txt" 2>/dev/null || true)
[[ -z $version || $("$root/usr/bin/immure" --version) == "immure $version" ]] || fail 'the command is of another version'

# Every command and each of its options is in the manual page, which has no fault of its own.
page=$(sed 's/\\-/-/g' "$root/usr/share/man/man1/immure.1")
for command in $("$root/usr/bin/immure" completions fish | sed -n 's/.*__fish_use_subcommand -a \([a-z]*\).*/\1/p'); do
  grep -q "^\.SS immure $command\$" <<<"$page" || fail "immure(1) does not tell of the command $command"
  for option in $("$root/usr/bin/immure" "$command" --help | grep -o -e '--[a-z][a-z-]*' | sort -u); do
    [[ $option == --help || $page == *"$option"* ]] || fail "immure(1) does not tell of $option, an option of $command"
  done
done
if command -v man >/dev/null; then
  for page in "$root"/usr/share/man/man?/*; do
    complaints=$(LC_ALL=C.UTF-8 man --warnings --local-file "$page" 2>&1 >/dev/null)
    [[ -z $complaints ]] || fail "$page: $complaints"
  done
fi
