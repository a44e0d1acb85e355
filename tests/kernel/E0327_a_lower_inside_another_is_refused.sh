#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a/b
for lower in '"@/a", "@/a/b"' '"@/a/b", "@/a"'; do
  rule E0327 "{ overlay = \"/o\", lower = [$lower] }"
  refused 'Too many levels of symbolic links'
done
