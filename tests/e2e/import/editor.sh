#!/bin/sh
# An editor that sees one project.
set -e
project=${1:-$PWD}
shift
data="$HOME/.local/share/editor"
if [ ! -d "$data" ]; then
  mkdir -p "$data"
fi
exec bwrap \
  --ro-bind /usr /usr \
  --symlink usr/bin /bin --symlink usr/lib /lib \
  --symlink usr/lib64 /lib64 \
  --proc /proc --dev /dev \
  --perms 1777 --tmpfs /tmp \
  --ro-bind-try /etc/fonts /etc/fonts \
  --ro-bind "$XDG_RUNTIME_DIR/${WAYLAND_DISPLAY:-wayland-0}" /run/wayland \
  --bind "$data" "$data" \
  --bind ~/projects/./one/ /project \
  --setenv XDG_RUNTIME_DIR /run --setenv HOME "$HOME" --unsetenv SSH_AUTH_SOCK \
  --chdir /project \
  --unshare-all --share-net --die-with-parent --new-session \
  --seccomp 10 10<filter.bpf \
  /usr/bin/editor --no-fork "$@"
