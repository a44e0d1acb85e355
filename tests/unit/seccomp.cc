// Presets, compiled: each answers what its row says, on every architecture, whatever hides in the upper half of a register.
#include "compiler/seccomp.h"

#include <linux/audit.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>

#include "compiler/bpf_check.h"
#include "compiler/presets.h"
#include "compiler/syscalls.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

constexpr std::uint64_t kHigh = 0xdead'beef'0000'0000;
constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kKill = SECCOMP_RET_KILL_PROCESS;
constexpr std::uint32_t error(int number) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(number); }

Profile with_presets(const std::vector<type::Preset>& presets) {
  Profile profile;
  profile.seccomp.enabled.value = true;
  profile.seccomp.presets.present = true;
  for (const type::Preset preset : presets) profile.seccomp.presets.value.push_back({preset, {}});
  profile.seccomp.optimize.value = type::Optimize::Ranges;
  return profile;
}

/// A compiled profile, to be asked for one call at a time.
class Filter {
 public:
  explicit Filter(const Profile& profile) : Filter(*program_policy(profile)) {}
  explicit Filter(const SyscallPolicy& policy) : program_(compile_filter(policy)) {
    const std::optional<std::string> difference = disprove_filter(resolve_numbers(policy), program_);
    INFO(difference.value_or(""));
    REQUIRE_FALSE(difference.has_value());
  }
  std::uint32_t operator()(long number, std::uint64_t a0 = 0, std::uint64_t a1 = 0, std::uint32_t arch = AUDIT_ARCH_X86_64) const {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = arch;
    call.args[0] = a0;
    call.args[1] = a1;
    return evaluate(program_, call);
  }
  std::uint32_t i386(long number, std::uint64_t a0 = 0, std::uint64_t a1 = 0) const { return (*this)(number, a0, a1, AUDIT_ARCH_I386); }
  const BpfProgram& program() const { return program_; }

 private:
  BpfProgram program_;
};

const Profile kStrict = with_presets({type::Preset::Strict});

}  // namespace

TEST_CASE("presets: the default is strict, without deny-ns where namespaces may be nested") {
  Profile profile = with_presets({});
  profile.seccomp.presets.present = false;
  CHECK(Filter(profile).program() == Filter(kStrict).program());
  profile.namespaces.nested.value = true;
  CHECK(Filter(profile)(SYS_unshare) == kAllow);
  CHECK(Filter(profile)(SYS_ptrace) == error(EPERM));
}

TEST_CASE("presets: a filter that is switched off is none") {
  Profile profile = kStrict;
  profile.seccomp.enabled.value = false;
  CHECK_FALSE(program_policy(profile).has_value());
}

TEST_CASE("presets: an empty list leaves the architecture check alone") {
  const Filter filter(with_presets({}));
  CHECK(filter(SYS_keyctl) == kAllow);
  CHECK(filter(SYS_socket, AF_ALG) == kAllow);
  CHECK(filter(SYS_keyctl, 0, 0, AUDIT_ARCH_I386) == kKill);
}

TEST_CASE("presets: each alone denies its own and leaves the others'") {
  const Filter ext(with_presets({type::Preset::Ext})), ns(with_presets({type::Preset::DenyNs})), tty(with_presets({type::Preset::DenyTty})),
      devel(with_presets({type::Preset::DenyDevel}));
  for (const Filter* filter : {&ext, &ns, &tty, &devel}) {
    CHECK((*filter)(SYS_keyctl) == error(EPERM));
    CHECK((*filter)(SYS_set_mempolicy_home_node) == error(EPERM));
    CHECK((*filter)(SYS_modify_ldt) == error(EPERM));
    CHECK((*filter)(SYS_read) == kAllow);
    CHECK((*filter)(SYS_settimeofday) == (filter == &ext ? error(EPERM) : kAllow));
    CHECK((*filter)(SYS_unshare) == (filter == &ns ? error(EPERM) : kAllow));
    CHECK((*filter)(SYS_ioctl, 0, TIOCSTI) == (filter == &tty ? error(EPERM) : kAllow));
    CHECK((*filter)(SYS_ptrace) == (filter == &devel ? error(EPERM) : kAllow));
    CHECK((*filter)(SYS_chown) == kAllow);
  }
  CHECK(Filter(kStrict)(SYS_chown) == error(EPERM));
}

TEST_CASE("presets: new calls answer ENOSYS, so that libraries fall back") {
  const Filter filter(kStrict);
  for (const int number : {SYS_clone3, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, 467})
    CHECK(filter(number) == error(ENOSYS));
}

TEST_CASE("presets: no flag of clone makes a namespace, whatever stands beside it") {
  const Filter filter(kStrict);
  for (const int made : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    const auto flag = static_cast<std::uint64_t>(made);
    CHECK(filter(SYS_clone, flag) == error(EPERM));
    CHECK(filter(SYS_clone, flag | CLONE_VM | 17u) == error(EPERM));
    CHECK(filter(SYS_clone, flag | kHigh) == error(EPERM));
  }
  CHECK(filter(SYS_clone, CLONE_VM | CLONE_VFORK | 17) == kAllow);
  CHECK(filter(SYS_clone, 0, CLONE_NEWUSER) == kAllow);
}

TEST_CASE("presets: terminal commands are compared on 32 bits") {
  const Filter filter(kStrict);
  for (const std::uint64_t command : {std::uint64_t{TIOCSTI}, std::uint64_t{TIOCLINUX}}) {
    CHECK(filter(SYS_ioctl, 0, command) == error(EPERM));
    CHECK(filter(SYS_ioctl, 0, command | kHigh) == error(EPERM));
    CHECK(filter(SYS_ioctl, command, 0) == kAllow);
    CHECK(filter(SYS_ioctl, 0, command + 1) == kAllow);
  }
}

TEST_CASE("presets: the socket families are an allow list on 32 bits") {
  Profile profile = kStrict;
  const Filter narrow(profile);
  profile.seccomp.can.value = profile.seccomp.bluetooth.value = true;
  const Filter wide(profile);
  for (std::uint64_t family = 0; family < 300; ++family) {
    const bool common = family == AF_UNSPEC || family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
    const bool asked = family == AF_CAN || family == AF_BLUETOOTH;
    for (const std::uint64_t high : {std::uint64_t{0}, kHigh}) {
      for (const int number : {SYS_socket, SYS_socketpair}) {
        CHECK(narrow(number, family | high) == (common ? kAllow : error(EAFNOSUPPORT)));
        CHECK(wide(number, family | high) == (common || asked ? kAllow : error(EAFNOSUPPORT)));
      }
    }
  }
  CHECK(narrow(SYS_socket, 0xffff'ffff) == error(EAFNOSUPPORT));
  CHECK(narrow(SYS_socket, 0x8000'0001) == error(EAFNOSUPPORT));
}

TEST_CASE("presets: only Linux personalities, the 32-bit one on request") {
  const Filter plain(kStrict), linux32(with_presets({type::Preset::Strict, type::Preset::Linux32}));
  CHECK(plain(SYS_personality, 0) == kAllow);
  CHECK(plain(SYS_personality, 8) == error(EPERM));
  CHECK(linux32(SYS_personality, 0) == kAllow);
  CHECK(linux32(SYS_personality, 8) == kAllow);
  for (const std::uint64_t other : {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{9}, std::uint64_t{0x0040000}, std::uint64_t{0xffff'ffff}, kHigh, kHigh | 8})
    CHECK(linux32(SYS_personality, other) == error(EPERM));
}

TEST_CASE("seccomp: foreign architectures and x32 are killed") {
  const Filter filter(kStrict);
  CHECK(filter(SYS_read | 0x4000'0000) == kKill);
  CHECK(filter(SYS_unshare | 0x4000'0000) == kKill);
  CHECK(filter(3, 0, 0, AUDIT_ARCH_I386) == kKill);
  CHECK(filter(3, 0, 0, AUDIT_ARCH_AARCH64) == kKill);
  CHECK(filter(3, 0, 0, 0) == kKill);
}

TEST_CASE("seccomp: with multiarch the same holds for i386, by its own numbers") {
  Profile profile = kStrict;
  profile.seccomp.multiarch.value = true;
  const Filter filter(profile);
  CHECK(filter(SYS_read) == kAllow);
  CHECK(filter.i386(3) == kAllow);                     // read
  CHECK(filter.i386(310) == error(EPERM));             // unshare
  CHECK(filter.i386(22) == error(EPERM));              // umount, which x86-64 has not
  CHECK(filter.i386(212) == error(EPERM));             // chown32
  CHECK(filter.i386(264) == error(EPERM));             // clock_settime
  CHECK(filter.i386(404) == error(EPERM));             // clock_settime64
  CHECK(filter.i386(467) == error(ENOSYS));            // open_tree_attr, which libseccomp does not know
  CHECK(filter.i386(54, 0, TIOCSTI) == error(EPERM));  // ioctl
  CHECK(filter.i386(359, AF_INET) == kAllow);          // socket
  CHECK(filter.i386(359, AF_ALG) == error(EAFNOSUPPORT));
  CHECK(filter(SYS_modify_ldt) == kAllow);
  CHECK(filter(SYS_read | 0x4000'0000) == kKill);
  CHECK(filter(3, 0, 0, AUDIT_ARCH_ARM) == kKill);
}

TEST_CASE("seccomp: with multiarch, socketcall makes no socket, and still serves those that there are") {
  Profile profile = kStrict;
  profile.seccomp.multiarch.value = true;
  const Filter filter(profile);
  CHECK(filter.i386(102, 1) == error(EAFNOSUPPORT));  // SYS_SOCKET
  CHECK(filter.i386(102, 8) == error(EAFNOSUPPORT));  // SYS_SOCKETPAIR
  CHECK(filter.i386(102, 3) == kAllow);               // SYS_CONNECT
}

TEST_CASE("seccomp: every combination is proved, in both shapes and for every target") {
  for (unsigned bits = 0; bits < 64; ++bits) {
    std::vector<type::Preset> presets;
    for (const auto& [bit, preset] :
         {std::pair{1u, type::Preset::Ext}, {2u, type::Preset::DenyNs}, {4u, type::Preset::DenyTty}, {8u, type::Preset::DenyDevel}, {16u, type::Preset::Linux32}})
      if ((bits & bit) != 0) presets.push_back(preset);
    Profile profile = with_presets(presets);
    profile.seccomp.multiarch.value = profile.seccomp.can.value = (bits & 32) != 0;
    SyscallPolicy policy = *program_policy(profile);
    for (const FilterShape shape : {FilterShape::Ranges, FilterShape::BinaryTree, FilterShape::Priority}) {
      policy.shape = shape;
      (void)Filter(policy);
    }
  }
  SyscallPolicy policy = *program_policy(kStrict);
  for (const Arch arch : {Arch::X86, Arch::Aarch64}) {
    policy.archs = {arch};
    (void)Filter(policy);
  }
}

TEST_CASE("seccomp: init may do what its loop does and nothing else") {
  const Filter filter(init_policy());
  for (const int number : {SYS_wait4, SYS_rt_sigtimedwait, SYS_kill, SYS_write, SYS_clock_gettime, SYS_exit_group, SYS_exit}) CHECK(filter(number) == kAllow);
  for (const int number : {SYS_openat, SYS_execve, SYS_clone, SYS_clone3, SYS_mount, SYS_socket, SYS_ptrace, SYS_mmap, SYS_prctl, SYS_setns}) CHECK(filter(number) == error(EPERM));
  CHECK(filter(SYS_ioctl, 0, TIOCSPGRP) == kAllow);
  CHECK(filter(SYS_ioctl, 0, TIOCSTI) == error(EPERM));
}

TEST_CASE("seccomp: every kind of comparison says what it means") {
  const auto filter_of = [](std::vector<ArgTest> tests) {
    SyscallPolicy policy;
    policy.archs = {Arch::X86_64};
    policy.rules.push_back({"read", {ActionKind::Errno, EPERM}, std::move(tests), "test", {}});
    return Filter(policy);  // and with it proved
  };
  const ArgTest tests[] = {{1, kAllBits, 7, 7},
                           {1, kAllBits, 7, 7, true},
                           {1, kAllBits, 0, 100},
                           {1, kAllBits, 100, kAllBits},
                           {1, kAllBits, 3, 1000},
                           {1, kAllBits, 3, 1000, true},
                           {1, kAllBits, 0, 100, true},
                           {1, kAllBits, 100, kAllBits, true},
                           {1, kLow32, 7, 7},
                           {1, kLow32, 7, 7, true},
                           {1, kLow32, 0, 100},
                           {1, kLow32, 100, kLow32},
                           {1, kLow32, 3, 1000},
                           {1, kLow32, 3, 1000, true},
                           {1, kLow32, 0, kLow32},
                           {1, 0xff0, 0x120, 0x120},
                           {1, kAllBits, 1, 0x1'0000'0000},
                           {1, kAllBits, 0x7fff'ffff, 0x1'8000'0001}};
  for (const ArgTest& test : tests) {
    const Filter filter = filter_of({test});
    for (const std::uint64_t value : {0ul, 3ul, 7ul, 100ul, 101ul, 1000ul, 0x120ul, 0x12ful, 0x8000'0000ul, 0xffff'fffful, 0x1'0000'0007ul, ~0ul})
      CHECK(filter(SYS_read, 0, value) == (test.holds(value) ? error(EPERM) : kAllow));
  }
  const Filter both = filter_of({{0, kLow32, 5, 9}, {1, kLow32, 2, 3}});
  CHECK(both(SYS_read, 6, 3) == error(EPERM));
  CHECK(both(SYS_read, 6, 4) == kAllow);
  CHECK(both(SYS_read, 10, 3) == kAllow);
}

// The digests that the project published are those of the exported bytes; `immure emit bpf | sha512sum` says the same (tests/e2e).
// With another library, check reports Code::CompatLibrary.
TEST_CASE("compat: these tests stand on libseccomp 2.5") { CHECK(filter_library_version().starts_with("2.5.")); }

TEST_CASE("compat: every combination is proved, for every target") {
  for (unsigned bits = 0; bits < 128; ++bits) {
    std::vector<type::Preset> presets;
    for (const auto& [bit, preset] :
         {std::pair{1u, type::Preset::Ext}, {2u, type::Preset::DenyNs}, {4u, type::Preset::DenyTty}, {8u, type::Preset::DenyDevel}, {16u, type::Preset::Linux32}})
      if ((bits & bit) != 0) presets.push_back(preset);
    Profile profile = with_presets(presets);
    profile.seccomp.compat.present = true;
    profile.seccomp.multiarch.value = (bits & 32) != 0;
    profile.seccomp.can.value = profile.seccomp.bluetooth.value = (bits & 64) != 0;
    for (const Arch target : {Arch::X86_64, Arch::X86, Arch::Aarch64}) (void)Filter(*program_policy(profile, target));
  }
}

TEST_CASE("docs: every group and every hole that a preset closes is told of in docs/seccomp.md") {
  std::ifstream in(std::string(IMMURE_SOURCE) + "/docs/seccomp.md");
  std::stringstream text;
  text << in.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  const auto told = [&](const std::string& row) {
    CAPTURE(row);
    CHECK(text.str().find(row) != std::string::npos);
  };
#define GROUP(name, doc, source, calls) told(std::string("| `") + name + "` | " + doc + " | " + source + " | " + calls + " |");
#include "compiler/syscall_groups.def"
#define DENY(group, error, call, why) \
  if (std::string_view(why) != "") told(std::string("| `") + call + "` | ");
#define DENY_IF(group, error, call, test, why) DENY(group, error, call, why)
#include "compiler/presets.def"
}
