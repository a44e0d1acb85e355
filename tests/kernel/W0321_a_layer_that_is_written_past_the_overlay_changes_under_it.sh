#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a/sub b
rule W0321 '{ bind = "/w", from = "@/a", write = true }, { overlay = "/o", lower = ["@/a", "@/b"] }'
inside ': >/w/planted; ls /o'
assert_eq "$output" $'planted\nsub'
# A part of a layer is enough.
rule W0321 '{ bind = "/w", from = "@/a/sub", write = true }, { overlay = "/o", lower = ["@/a", "@/b"] }'
inside ': >/w/planted; ls /o/sub'
assert_eq "$output" planted
