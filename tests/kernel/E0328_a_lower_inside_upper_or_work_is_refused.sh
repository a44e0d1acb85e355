#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories up/in work-directory/in
for lower in up up/in work-directory work-directory/in; do
  rule E0328 "{ overlay = \"/o\", lower = [\"@/$lower\"], upper = \"@/up\", work = \"@/work-directory\" }"
  refused 'Too many levels of symbolic links'
done
