#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories lower/{1..501}
list() { printf '"@/lower/%s", ' $(seq "$1"); }
rule - "{ overlay = \"/o\", lower = [$(list 500)] }"
inside 'echo started'
rule E0321 "{ overlay = \"/o\", lower = [$(list 501)] }"
refused
