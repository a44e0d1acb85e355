#!/usr/bin/env bash
# run.sh SERIES IMMURE PROBE SOURCES DIRECTORY WHICH SECONDS: Debian's cloud kernel of a series, booted in an emulated machine, with the end-to-end tests and the cases of
# this directory in it. WHICH is `short`, `all`, or a pattern for the names of tests. Prints what failed and was skipped, then the counts; the whole console stays in
# DIRECTORY/console.txt. After SECONDS the machine is turned off.
#
# No hardware virtualisation is asked for, so that it runs wherever the other tests do. Without the newer instructions, whose emulation costs more than they gain, and
# without the kernel's mitigations, which an emulated processor does not need, everything takes half the time.
set -euo pipefail
export PATH=/usr/bin:/bin:/usr/sbin:/sbin  # mke2fs is not on every user's
series=$1 immure=$2 probe=$3 sources=$4 place=$5 which=$6 seconds=$7
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
  printf 'SKIP: %s\n' "$*"
  exit 77
}
for program in qemu-system-x86_64 cpio mke2fs xz; do
  type -P "$program" >/dev/null || skip "there is no $program (./dev kernels installs it)"
done
status=0
kernel=$(bash "$here/fetch.sh" "$series" "$sources/build/kernels") || status=$?
if ((status != 0)); then
  printf '%s\n' "$kernel"
  exit "$status"
fi

mkdir -p "$place"
place=$(realpath "$place")
rm -f "$place"/{kit.cpio,disk,console.txt}
bash "$here/pack.sh" "$kernel" "$immure" "$probe" "$sources" "$place/kit.cpio"
truncate --size=256M "$place/disk"
mke2fs -q -t ext4 -O ^has_journal -E root_owner=0:0 "$place/disk"

printf 'booting %s\n' "$(basename "$kernel"/boot/vmlinuz-*)"
start=$SECONDS
timeout "$seconds" qemu-system-x86_64 -machine q35,accel=tcg -cpu qemu64 -m 1024 -nographic -no-reboot -nic none \
  -kernel "$kernel"/boot/vmlinuz-* -initrd "$place/kit.cpio" -append "console=ttyS0 quiet panic=-1 mitigations=off rdinit=/init immure.which=$which" \
  -drive "file=$place/disk,format=raw,if=virtio,cache=unsafe" </dev/null >"$place/console.txt" 2>&1 || true
rm -f "$place"/{kit.cpio,disk}

tr -d '\r' <"$place/console.txt" | awk -v took=$((SECONDS - start)) '
  sub(/.*@@ kernel /, "") { kernel = $1; next }  # after words of the firmware
  /^@@ case / {
    ++count[$3]
    if ($3 != "pass") printf "%s%s: %s as %s\n", said, $3, $5, $4
    said = ""
    next
  }
  /^@@ done/ { whole = 1; next }
  kernel { said = said $0 "\n" }
  { last = $0 }
  END {
    printf "Linux %s: %d passed, %d failed, %d skipped, in %d seconds\n", kernel, count["pass"], count["fail"], count["skip"], took
    if (!whole) print "the guest did not come to its end; its last line: " last
    exit !(whole && count["pass"] && !count["fail"])
  }'
