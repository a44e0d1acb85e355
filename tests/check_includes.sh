#!/usr/bin/env bash
# Holds the floors: who may include whom. check_includes.sh SOURCE_DIRECTORY
#
#   schema/    nothing of ours but schema/
#   initrt/    initrt/ and schema/, never compiler/
#   compiler/  compiler/ and schema/, never initrt/; passes never one another (below)
#   tests/     anything; nobody includes tests/
# and each outside library stands in one file of compiler/.
set -uo pipefail
cd "$1" || exit 2
status=0
fail() {
  echo "$1" >&2
  status=1
}

# files PATTERN: "file: included" for each matching include of ours, or of a library
edges() { grep -HnoE '^ *# *include +[<"][^>"]+[>"]' "$@" 2>/dev/null | sed -E 's/: *# *include +[<"]/: /; s/[>"]$//'; }

while read -r place included; do
  file=${place%%:*}
  case $file in
    schema/*) [[ $included == compiler/* || $included == initrt/* || $included == tests/* ]] && fail "$file includes $included: schema/ stands on nothing" ;;
    initrt/*) [[ $included == compiler/* || $included == tests/* ]] && fail "$file includes $included: the two programs share schema/ alone" ;;
    compiler/*) [[ $included == initrt/* || $included == tests/* ]] && fail "$file includes $included: the two programs share schema/ alone" ;;
  esac
  case $included in
    toml++/*) [[ $file == compiler/read_toml.cc ]] || fail "$file includes $included: toml++ belongs to read_toml.cc" ;;
    seccomp.h) [[ $file == compiler/seccomp.cc || $file == tests/seccomp/libseccomp_oracle.cc ]] || fail "$file includes $included: libseccomp belongs to seccomp.cc" ;;
    CLI/*) [[ $file == compiler/cli.cc ]] || fail "$file includes $included: CLI11 belongs to cli.cc" ;;
    nlohmann/*) [[ $file == compiler/json.h ]] || fail "$file includes $included: nlohmann-json belongs behind json.h" ;;
    catch2/*) [[ $file == tests/unit/catch.h ]] || fail "$file includes $included: Catch2 belongs behind catch.h" ;;
  esac
done < <(edges schema/* initrt/* compiler/* tests/*.cc tests/*/*.h tests/*/*.cc)

# A pass includes its input's and output's types and the base, never another pass. resolve.cc is the driver of the front half, pipeline.cc of all;
# the commands over it call what they need.
passes='read_toml|decode|resolve|check|lower|lower_fs|seccomp|encode|decode_image|link|inspect|execute|cli'
front='read_toml|decode|merge|launch_variables'
while read -r place included; do
  file=${place%%:*}
  own=${file#compiler/}
  own=${own%.*}
  other=${included#compiler/}
  other=${other%.h}
  [[ $own =~ ^(main|pipeline|session|commands?|command_.*|emit_.*)$ || $own == "$other" ]] && continue
  [[ $own == resolve && $other =~ ^($front)$ ]] && continue
  [[ $own == "$other"_* ]] && continue  # check_overlay.cc is a part of check
  [[ $own == inspect && $other == decode_image ]] && continue  # a view of what it decodes
  [[ $own =~ ^lower && $other == lower_fs ]] && continue  # where the lowerings keep what they share
  [[ $other =~ ^($passes)$ ]] && fail "$file includes $included: a pass includes no other pass"
done < <(edges compiler/*.cc compiler/*.h | grep ' compiler/')
exit $status
