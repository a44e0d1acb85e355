#!/usr/bin/env bash
args=(
  --unshare-all --clearenv --ro-bind /usr /usr   # nothing comes in
  --dev-bind /dev/dri /dev/dri
  --tmpfs "/run/user/$(id -u)"
  --overlay-src /srv/base --overlay-src /srv/site --tmp-overlay /srv
  --cap-add CAP_NET_BIND_SERVICE
)
args+=(--uid 1000 --hostname box --remount-ro /)
if [[ -e /opt ]]; then args+=(--ro-bind /opt /opt); fi
exec bwrap "${args[@]}" -- server --port 80
