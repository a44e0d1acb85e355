#!/usr/bin/env bash
# Of a release build only the plan is made here, that every source of the command is compiled with each flag, and one source in each language, which must take them.
. "${BASH_SOURCE[0]%/*}/common.sh"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
CXX=$CXX cmake -S "$SOURCES" -B "$place" -G Ninja -DCMAKE_BUILD_TYPE=Release -DIMMURE_TESTS=OFF >"$place/said" 2>&1 || fail "cmake: $(<"$place/said")"
commands=$(grep '"command":.*/compiler/[a-z0-9_]*\.cc' "$place/compile_commands.json")
total=$(wc -l <<<"$commands")
((total > 50)) || fail "only $total sources"
for flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS "-fPI[CE]" -Wformat-security -Werror=format-security; do
  with=$(grep -c -e " $flag " <<<"$commands" || true)
  ((with == total)) || fail "$flag: $with of $total sources"
done
# What is left of the two that others may contradict.
command=$(grep '/compiler/utf8\.cc"' <<<"$commands" | sed -E 's/.*"command": "(.*) -o .*/\1/; s/\\"/"/g')
macros=$(eval "$command -dM -E '$SOURCES/compiler/utf8.cc'")
for macro in '_FORTIFY_SOURCE 3' '_GLIBCXX_ASSERTIONS 1'; do
  grep -q -x -e "#define $macro" <<<"$macros" || fail "$macro is not defined"
done
link=$(ninja -C "$place" -t commands immure | tail -n 1)
[[ $link == *' -pie '* && $link == *-z,relro,-z,now* ]] || fail 'the link has not -pie, RELRO and immediate binding'
objects=compiler/CMakeFiles/immure_core.dir
ninja -C "$place" "$objects/embedded.S.o" "$objects/utf8.cc.o" >"$place/said" 2>&1 || fail "a source is not compiled: $(<"$place/said")"
