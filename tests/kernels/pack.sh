#!/usr/bin/env bash
# pack.sh KERNEL IMMURE PROBE SOURCES KIT: the initramfs of the guest, KIT, as a cpio archive: programs of this machine with their libraries, the command under
# test, the end-to-end tests, and the kernel's modules that they need.
#
# Not compressed: unpacking costs an emulated processor more than reading. Files are copied many at a time, and libraries asked for once: forks are what this
# would spend its time on.
set -euo pipefail
export PATH=/usr/bin:/bin:/usr/sbin:/sbin  # Debian's own programs
kernel=$1 immure=$2 probe=$3 sources=$4 kit=$5

# What the tests call, and what their sandboxes show as /usr.
programs=(
  apparmor_parser awk base64 basename bash bwrap cat chmod chown chroot cmp comm cp crun cut date dd df diff dirname du echo env expr false find flock getent grep head hostname id
  install ip join kill ln ls make mkdir mkfifo mknod mktemp mount mountpoint mv nohup nproc od paste pgrep printf prlimit ps pwd python3 readelf readlink realpath
  rm rmdir runc script sed seq setpriv setsid sh sha256sum sleep sort split stat stty sync tail tee test timeout touch tr true truncate tty umount uname uniq unshare
  wc whoami xargs yes
)
# Python's modules in C that a test imports, straight or not.
extensions='_(bisect|ctypes|json|random|sha512|struct|posixsubprocess|socket)|array|binascii|fcntl|grp|math|mmap|resource|select|termios'
# In the order in which they are loaded; what is built into a kernel is missing here, and is not missed.
modules=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk overlay)

root=$(mktemp -d "$(dirname "$kit")/kit.XXXXXX")
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{dev,proc,sys,run,tmp,root,home,mnt,var/tmp,etc,kit/modules,kit/source/tests,usr/{bin,sbin,lib,lib64,share}}
chmod 1777 "$root"/{tmp,var/tmp}
ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
ln -s /run "$root/var/run"

files=() absent=()
for program in "${programs[@]}"; do
  if file=$(type -P "$program"); then files+=("$file"); else absent+=("$program"); fi
done
if ((${#absent[@]})); then
  printf 'SKIP: the kit wants programs that this machine has not (./dev test installs them): %s\n' "${absent[*]}"
  exit 77
fi
cp --dereference --target-directory="$root/usr/bin" "${files[@]}"

# Python without what no test imports.
library=$(python3 -I -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
(
  cd "$library"
  find . -regextype posix-extended \( -type d -regex './(test|idlelib|lib2to3|ensurepip|tkinter|turtledemo|pydoc_data|distutils|unittest|asyncio|xml|dist-packages|config-.*|sqlite3|curses|multiprocessing|concurrent|wsgiref|venv|xmlrpc|dbm)' \) -prune -o \
    -path './lib-dynload/*' ! -regex "./lib-dynload/($extensions)\..*" -prune -o -type f ! -name '*.opt-?.pyc' -print0 |
    cpio --quiet --null --pass-through --make-directories "$root$library"
)

# Libraries, where the loader looks for them; /lib is a link to usr/lib here.
mapfile -t libraries < <(ldd "$immure" "${files[@]}" "$library"/lib-dynload/_ctypes.*.so | grep -o '/[^ :]* (0x' | cut -d' ' -f1 | sort -u)
for library in "${libraries[@]}"; do
  to=$root/usr/${library#/usr/}
  [[ $library == /usr/* ]] || to=$root/usr$library
  [[ -d ${to%/*} ]] || mkdir -p "${to%/*}"
  cp --dereference "$library" "$to"
done
[[ ! -d /etc/apparmor.d/abi ]] || cp --recursive --parents /etc/apparmor.d/{abi,tunables} "$root"
[[ ! -d /usr/lib/locale/C.utf8 ]] || cp --recursive --parents /usr/lib/locale/C.utf8 "$root"

printf '%s\n' root:x:0:0:root:/root:/bin/bash nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin \
  immure-test:x:990:990::/nonexistent:/usr/sbin/nologin >"$root/etc/passwd"
printf '%s\n' root:x:0: tty:x:5: nogroup:x:65534: immure-test:x:990: >"$root/etc/group"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
printf 'guest\n' >"$root/etc/hostname"
printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
ln -s /proc/mounts "$root/etc/mtab"

# The command without what only a debugger reads, the tests, and the modules.
strip -o "$root/kit/immure" "$immure"
cp "$probe" "$root/kit/probe"
cc -static -no-pie -O1 -o "$root/kit/calls" "$sources/tests/e2e/probe/calls.c"  # the guest has no compiler
cp -R "$sources"/{examples,schema} "$root/kit/source/"
for part in data e2e kernels probes; do
  [[ ! -d $sources/tests/$part ]] || cp -R "$sources/tests/$part" "$root/kit/source/tests/"
done
cp "$sources/tests/whoever.py" "$root/kit/source/tests/"
cp "$sources/tests/kernels/guest/init" "$root/init"
for module in "${modules[@]}"; do
  file=$(find "$kernel/lib/modules" -name "$module.ko" -o -name "$module.ko.xz")
  case $file in
    *.xz) xz --decompress --stdout "$file" >"$root/kit/modules/$module.ko" ;;
    *.ko) cp "$file" "$root/kit/modules/$module.ko" ;;
  esac
  [[ -z $file ]] || printf '%s\n' "$module" >>"$root/kit/modules/order"
done
chmod -R a+rX "$root"

(cd "$root" && find . -print0 | sort -z | cpio --quiet --null --create --format=newc --owner=+0:+0) >"$kit.new"
mv "$kit.new" "$kit"
