#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Root inside is root outside, and owns the host's devices: only a read-only mount keeps it from changing them (a device can be written through one all the same).
as_root || skip 'an ordinary user owns no device that could be changed'
mknod -m 666 null c 1 3
mkdir mount

# A host where /dev/null and /dev/further belong to root, as on most; here they may be somebody's whom the sandbox does not know.
cat >host <<'END'
mount -t tmpfs none mount
cp -a /dev/. mount/
cp -a --remove-destination null mount/null
cp -a null mount/further
mount --bind mount /dev
./box -c 'for i in null further; do chmod 600 /dev/$i; echo written >/dev/$i && echo wrote; done; cat /proc/self/mountinfo'
stat -c '%u %a' /dev/null /dev/further
END

for write in false true; do
  shell_profile box <<END
[[fs]]
dev = "/dev"
write = $write
nodes = ["/dev/further"]
[[fs]]
proc = "/proc"
END
  run_ok unshare --mount bash -e host
  assert_eq "$(tail -n 2 <<<"$output")" $'0 666\n0 666' 'owner and mode on the host'
  assert_eq "$(head -n 2 <<<"$output")" $'wrote\nwrote'
  assert_eq "$(grep -c 'Read-only file system' <<<"$errors")" 2 'refusals'
  assert_mount /dev/null '*' ro nosuid noexec '!nodev'
  assert_mount /dev/further '*' ro nosuid noexec '!nodev'
done
