#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

own_mounts
directories a b c d one two
mount -t overlay overlay -o "userxattr,lowerdir=$work/a:$work/b" one
rule - '{ overlay = "/o", lower = ["@/one", "@/d"] }'
inside 'echo started'
mount -t overlay overlay -o "userxattr,lowerdir=$work/one:$work/c" two
rule E0370 '{ overlay = "/o", lower = ["@/two", "@/d"] }'
refused 'Invalid argument'
rule E0370 '{ overlay = "/o", lower = ["@/d", "/proc/self/fd"] }'
refused 'Invalid argument'
