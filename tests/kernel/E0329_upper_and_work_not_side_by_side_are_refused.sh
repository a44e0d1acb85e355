#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a up/in
for pair in 'up up' 'up up/in' 'up/in up'; do
  rule E0329 "{ overlay = \"/o\", lower = [\"@/a\"], upper = \"@/${pair% *}\", work = \"@/${pair#* }\" }"
  refused
done
