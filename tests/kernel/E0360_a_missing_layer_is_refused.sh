#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

directories a
rule E0360 '{ overlay = "/o", lower = ["@/a", "@/none"] }'
refused 'No such file or directory'

# An overlay of this profile is no layer of another: layers are the host's, and the host has no /o.
directories b
rule E0360 '{ overlay = "/o-of-this-profile", lower = ["@/a", "@/b"] },
{ overlay = "/p", lower = ["/o-of-this-profile", "@/b"] }'
refused 'No such file or directory'
