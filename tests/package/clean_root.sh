#!/usr/bin/env bash
# clean_root.sh BUILD_DIRECTORY: the .deb on a fresh Debian that has nothing but its base system. It is installed with its dependencies, checks and
# compiles a profile there, and the launcher runs there.
set -euo pipefail
build=$1
skip() {
  printf 'SKIP: %s\n' "$*"
  exit 77
}
((EUID == 0)) || skip 'debootstrap wants root'
# debootstrap mounts a proc in the tree: in a mount namespace of our own, where no other test sees it come and go, and nothing is left of it.
[[ -n ${IMMURE_OWN_MOUNTS:-} ]] || exec unshare --mount --propagation private env IMMURE_OWN_MOUNTS=1 bash "${BASH_SOURCE[0]}" "$@"
for tool in debootstrap dpkg-shlibdeps unshare pivot_root; do command -v $tool >/dev/null || skip "$tool is not installed"; done
read -r mirror suite < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' | awk '$3 == "main" && $2 !~ /-/ { print $1, $2 }' | sort -u) ||
  skip 'apt names no mirror'

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
cpack -G DEB --config "$build/CPackConfig.cmake" -B "$work/package" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
deb=$(echo "$work"/package/*.deb)
dpkg-deb --info "$deb" | sed -n 's/^ \(Package\|Version\|Depends\|Installed-Size\)/\1/p'

debootstrap --variant=minbase "$suite" "$work/root" "$mirror" >"$work/log" 2>&1 || {
  tail -n 20 "$work/log"
  skip 'no base system can be had from the mirror'
}
cp /etc/apt/apt.conf.d/* "$work/root/etc/apt/apt.conf.d/"  # how this host reaches the mirror
cp "$deb" "$work/root/immure.deb"
cp /etc/resolv.conf /etc/hosts "$work/root/etc/" 2>/dev/null || true
chroot "$work/root" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /immure.deb >"$work/log" 2>&1 || {
  tail -n 20 "$work/log"
  exit 1
}
# A process in a chroot may make no user namespaces, so the tree becomes the root of a mount namespace. /proc and /dev are the host's own, masks and all: what
# may be mounted there is then what every other test may mount.
unshare --mount --propagation private bash -euc '
  mount --bind "$0" "$0"
  cd "$0"
  mount --rbind /proc proc
  mount --rbind /dev dev
  pivot_root . mnt
  umount --lazy /mnt
  mount -t tmpfs tmpfs /tmp
  cd /tmp
  immure --version
  immure init shell
  immure check --deny-warnings --host shell.toml
  immure build shell.toml -o shell
  test "$(./shell -c "echo inside; ls /")" = "$(printf "%s\n" inside bin dev etc home lib lib64 proc sbin tmp usr)"
  dpkg --verify immure' "$work/root"
chroot "$work/root" dpkg --purge immure >/dev/null
[[ ! -e $work/root/usr/bin/immure && ! -e $work/root/usr/share/immure ]] || {
  echo 'FAILED: something is left after the package is purged'
  exit 1
}
echo 'installed, used and purged on a clean root'
