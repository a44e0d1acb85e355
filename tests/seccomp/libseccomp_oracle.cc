// The filters of hakurei 0.3 once more, from libseccomp itself: an oracle for `compat`.
//
// The rules stand here a second time, in the order in which that project adds them and by the calls with which it does, and nothing of the compiler's tables is
// used. Every combination of presets and flags for every target must come out equal, byte for byte. The digests that the project published for seven of them are
// compared by tests/e2e/compat_filters_have_the_published_digests.sh.
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

#include "compiler/presets.h"
#include "compiler/seccomp.h"

using namespace immure;

namespace {

struct Target {
  Arch arch;
  std::uint32_t token, multiarch;
  const char* name;
};
constexpr Target kTargets[] = {
    {Arch::X86_64, SCMP_ARCH_X86_64, SCMP_ARCH_X86, "x86_64"}, {Arch::X86, SCMP_ARCH_X86, 0, "i386"}, {Arch::Aarch64, SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, "aarch64"}};

enum : unsigned { kExt = 1, kDenyNs = 2, kDenyTty = 4, kDenyDevel = 8, kLinux32 = 16, kMultiarch = 32, kCan = 64, kBluetooth = 128, kCombinations = 256 };

void require(bool holds, const char* what) {
  if (holds) return;
  std::printf("libseccomp: %s\n", what);
  std::exit(1);
}

class Oracle {
 public:
  Oracle(const Target& target, unsigned choice) : context_(seccomp_init(SCMP_ACT_ALLOW)) {
    require(context_ != nullptr, "no context");
    add_architecture(target.token);
    if ((choice & kMultiarch) != 0 && target.multiarch != 0) add_architecture(target.multiarch);
    if (target.token != seccomp_arch_native()) seccomp_arch_remove(context_, SCMP_ARCH_NATIVE);
    add_rules(choice);
    add_families(choice);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;
  ~Oracle() { seccomp_release(context_); }

  BpfProgram program() const {
    const int fd = memfd_create("oracle", MFD_CLOEXEC);
    require(fd >= 0 && seccomp_export_bpf(context_, fd) == 0, "no export");
    BpfProgram out(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)) / sizeof(BpfInsn));
    require(pread(fd, out.data(), out.size() * sizeof(BpfInsn), 0) > 0, "nothing exported");
    close(fd);
    return out;
  }

 private:
  scmp_filter_ctx context_;

  void add_architecture(std::uint32_t token) {
    const int error = seccomp_arch_add(context_, token);
    require(error == 0 || error == -EEXIST, "an architecture was refused");
  }
  void deny(int error, std::initializer_list<int> calls) {
    for (const int call : calls) require(seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0) == 0, "a rule was refused");
  }
  void deny_if(int call, scmp_arg_cmp test) { require(seccomp_rule_add(context_, SCMP_ACT_ERRNO(EPERM), call, 1, test) == 0, "a rule with a test was refused"); }

  void add_rules(unsigned choice) {
    const bool ext = (choice & kExt) != 0, ns = (choice & kDenyNs) != 0, emulation = (choice & kMultiarch) == 0;
    deny(EPERM, {SCMP_SYS(syslog), SCMP_SYS(uselib), SCMP_SYS(acct), SCMP_SYS(quotactl), SCMP_SYS(add_key), SCMP_SYS(keyctl), SCMP_SYS(request_key), SCMP_SYS(move_pages),
                 SCMP_SYS(mbind), SCMP_SYS(get_mempolicy), SCMP_SYS(set_mempolicy), SCMP_SYS(migrate_pages)});
    if (ns) {
      deny(EPERM, {SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot)});
      deny_if(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, 0x1000'0000, 0x1000'0000));
      deny(ENOSYS,
           {SCMP_SYS(clone3), SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(fsopen), SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr)});
    }
    if ((choice & kDenyTty) != 0) {
      deny_if(SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffff'ffff, 0x5412));
      deny_if(SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffff'ffff, 0x541c));
    }
    if ((choice & kDenyDevel) != 0) {
      deny(EPERM, {SCMP_SYS(perf_event_open), SCMP_SYS(ptrace)});
      deny_if(SCMP_SYS(personality), SCMP_A0(SCMP_CMP_NE, (choice & kLinux32) != 0 ? 8u : 0u, 0));
    }
    if (emulation) deny(EPERM, {SCMP_SYS(modify_ldt)});
    if (ext)
      deny(EPERM, {SCMP_SYS(adjtimex), SCMP_SYS(clock_adjtime), SCMP_SYS(clock_adjtime64), SCMP_SYS(clock_settime), SCMP_SYS(clock_settime64), SCMP_SYS(settimeofday),
                   SCMP_SYS(delete_module), SCMP_SYS(finit_module), SCMP_SYS(init_module), SCMP_SYS(kexec_file_load), SCMP_SYS(kexec_load), SCMP_SYS(reboot), SCMP_SYS(swapoff),
                   SCMP_SYS(swapon)});
    if (ext && ns)
      deny(EPERM, {SCMP_SYS(chown),       SCMP_SYS(chown32),   SCMP_SYS(fchown),      SCMP_SYS(fchown32),    SCMP_SYS(fchownat),   SCMP_SYS(lchown),     SCMP_SYS(lchown32),
                   SCMP_SYS(setgid),      SCMP_SYS(setgid32),  SCMP_SYS(setgroups),   SCMP_SYS(setgroups32), SCMP_SYS(setregid),   SCMP_SYS(setregid32), SCMP_SYS(setresgid),
                   SCMP_SYS(setresgid32), SCMP_SYS(setresuid), SCMP_SYS(setresuid32), SCMP_SYS(setreuid),    SCMP_SYS(setreuid32), SCMP_SYS(setuid),     SCMP_SYS(setuid32)});
    if (ext && emulation) deny(ENOSYS, {SCMP_SYS(subpage_prot), SCMP_SYS(switch_endian), SCMP_SYS(vm86), SCMP_SYS(vm86old)});
  }

  /// Its failures mean nothing there: where libseccomp would have to alter the rule (i386, several architectures) there is none.
  void add_family_rule(scmp_arg_cmp test) { (void)seccomp_rule_add_exact(context_, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1, test); }
  void add_families(unsigned choice) {
    const struct { unsigned family, wanted; } allowed[] = {{0, 0}, {1, 0}, {2, 0}, {10, 0}, {16, 0}, {29, kCan}, {31, kBluetooth}};
    unsigned next = 0;
    for (const auto& row : allowed) {
      if (row.wanted != 0 && (choice & row.wanted) == 0) continue;
      for (; next < row.family; ++next) add_family_rule(SCMP_A0(SCMP_CMP_EQ, next, 0));
      next = row.family + 1;
    }
    add_family_rule(SCMP_A0(SCMP_CMP_GE, next, 0));
  }
};

BpfProgram ours(const Target& target, unsigned choice) {
  Profile profile;
  profile.seccomp.enabled.value = true;
  profile.seccomp.compat.present = true;
  profile.seccomp.presets.present = true;
  const auto add = [&](unsigned bit, type::Preset preset) {
    if ((choice & bit) != 0) profile.seccomp.presets.value.push_back({preset, {}});
  };
  add(kExt, type::Preset::Ext);
  add(kDenyNs, type::Preset::DenyNs);
  add(kDenyTty, type::Preset::DenyTty);
  add(kDenyDevel, type::Preset::DenyDevel);
  add(kLinux32, type::Preset::Linux32);
  profile.seccomp.multiarch.value = (choice & kMultiarch) != 0;
  profile.seccomp.can.value = (choice & kCan) != 0;
  profile.seccomp.bluetooth.value = (choice & kBluetooth) != 0;
  return compile_filter(*program_policy(profile, target.arch));
}

}  // namespace

int main() {
  std::size_t compared = 0, different = 0;
  for (const Target& target : kTargets)
    for (unsigned choice = 0; choice < kCombinations; ++choice) {
      ++compared;
      if (Oracle(target, choice).program() == ours(target, choice)) continue;
      ++different;
      std::printf("%s, combination %#x: not what libseccomp makes of these rules\n", target.name, choice);
    }
  std::printf("%zu of %zu filters are libseccomp's, byte for byte\n", compared - different, compared);
  return different == 0 && compared == std::size_t{3} * kCombinations ? 0 : 1;
}
