#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Each of these is special to one of the interfaces through which overlays can be mounted.
mkdir 'a:b' 'c,d' 'e\f' 'g h' 'k=l'
echo 1 >'a:b/1'
echo 2 >'c,d/2'
echo 3 >'e\f/3'
shell_profile box <<END
[[fs]]
overlay = "/merged"
lower = ['$work/a:b', '$work/c,d', '$work/e\f']
upper = '$work/g h'
work = '$work/k=l'
END

run_ok ./box -c 'cd /merged && cat 1 2 3 && echo 4 >4'
assert_eq "$output" $'1\n2\n3'
assert_eq "$(<'g h/4')" 4
