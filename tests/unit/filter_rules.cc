// Rules of a profile: what they answer, and what is said of those that mean nothing.
#include "compiler/filter_rules.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>

#include "compiler/bpf_check.h"
#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "tests/unit/catch.h"
#include "tests/unit/from_text.h"

using namespace immure;

namespace {

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kKill = SECCOMP_RET_KILL_PROCESS;
constexpr std::uint32_t error(int number) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(number); }

test::Compiled profile_with(const std::string& seccomp, const std::string& other = "") {
  return test::compile("immure = 1\n[program]\npath = \"/p\"\n[[fs]]\nbind = \"/p\"\n" + seccomp, other);
}
std::string codes_of(const std::string& seccomp, const std::string& other = "") { return profile_with(seccomp, other).codes(); }

std::string rule(const std::string& calls, const std::string& action, const std::string& more = "") {
  return "[[seccomp.rule]]\nsyscalls = [" + calls + "]\naction = \"" + action + "\"\n" + more + "\n";
}

const std::string kOci = "[seccomp]\npresets = []\noci = \"oci.json\"\n";

std::string data(const char* name) {
  std::ifstream in(std::string(IMMURE_SOURCE) + "/tests/data/" + name);
  std::stringstream text;
  text << in.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

/// The filter of a sound profile, to be asked.
class Filter {
 public:
  explicit Filter(const std::string& seccomp, const std::string& other = "") {
    const test::Compiled compiled = profile_with(seccomp, other);
    INFO(compiled.codes());
    REQUIRE(compiled.diags.errors() == 0);
    const SyscallPolicy policy = *program_policy(compiled.profile);
    program_ = compile_filter(policy);
    const auto difference = disprove_filter(resolve_numbers(policy), program_);
    INFO(difference.value_or(""));
    REQUIRE_FALSE(difference.has_value());
  }
  std::uint32_t operator()(long number, std::uint64_t a0 = 0, std::uint64_t a1 = 0) const {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = AUDIT_ARCH_X86_64;
    call.args[0] = a0;
    call.args[1] = a1;
    return evaluate(program_, call);
  }

 private:
  BpfProgram program_;
};

}  // namespace

TEST_CASE("rules: they add to the presets, by name and by group") {
  const Filter filter(rule("\"bpf\", \"@io-uring\"", "ENOSYS"));
  CHECK(filter(SYS_bpf) == error(ENOSYS));
  CHECK(filter(SYS_io_uring_setup) == error(ENOSYS));
  CHECK(filter(SYS_mount) == error(EPERM));
}

TEST_CASE("rules: every action") {
  CHECK(Filter(rule("\"bpf\"", "kill-process"))(SYS_bpf) == kKill);
  CHECK(Filter(rule("\"bpf\"", "kill-thread"))(SYS_bpf) == SECCOMP_RET_KILL_THREAD);
  CHECK(Filter(rule("\"bpf\"", "trap"))(SYS_bpf) == SECCOMP_RET_TRAP);
  CHECK(Filter(rule("\"bpf\"", "log"))(SYS_bpf) == SECCOMP_RET_LOG);
  CHECK(Filter(rule("\"bpf\"", "EACCES"))(SYS_bpf) == error(EACCES));
  CHECK(codes_of(rule("\"bpf\"", "deny")) == "E0406");
}

TEST_CASE("rules: comparisons are as wide as the kernel's argument, the 64 forms as the register") {
  constexpr std::uint64_t kHigh = 0x1'0000'0000;
  const Filter narrow("[seccomp]\npresets = []\n" + rule("\"ioctl\"", "EPERM", "args = [{ index = 1, op = \"eq\", value = \"TIOCSTI\" }]"));
  CHECK(narrow(SYS_ioctl, 0, 0x5412) == error(EPERM));
  CHECK(narrow(SYS_ioctl, 0, 0x5412 | kHigh) == error(EPERM));
  CHECK(narrow(SYS_ioctl, 0, 0x5413) == kAllow);
  const Filter wide("[seccomp]\npresets = []\n" + rule("\"ioctl\"", "EPERM", "args = [{ index = 1, op = \"eq64\", value = 0x5412 }]"));
  CHECK(wide(SYS_ioctl, 0, 0x5412) == error(EPERM));
  CHECK(wide(SYS_ioctl, 0, 0x5412 | kHigh) == kAllow);
  const Filter mmap("[seccomp]\npresets = []\n" + rule("\"mmap\"", "EPERM", "args = [{ index = 1, op = \"gt\", value = 0x100000000 }]"));
  CHECK(mmap(SYS_mmap, 0, kHigh) == kAllow);
  CHECK(mmap(SYS_mmap, 0, kHigh + 1) == error(EPERM));
}

TEST_CASE("rules: names of values can be joined, and masks take them") {
  const Filter filter("[seccomp]\npresets = []\n" +
                      rule("\"clone\"", "EPERM", "args = [{ index = 0, op = \"masked-eq\", mask = \"CLONE_NEWUSER | CLONE_NEWNET\", value = \"CLONE_NEWUSER|CLONE_NEWNET\" }]"));
  CHECK(filter(SYS_clone, 0x5000'0011) == error(EPERM));
  CHECK(filter(SYS_clone, 0x1000'0011) == kAllow);
  CHECK(codes_of(rule("\"clone\"", "log", "args = [{ index = 0, op = \"eq\", value = \"CLONE_NEWUSR\" }]")) == "E0404");
}

TEST_CASE("rules: overlapping conditions with different actions, the strictest holds") {
  const Filter filter("[seccomp]\npresets = []\n" + rule("\"prctl\"", "EPERM", "args = [{ index = 0, op = \"eq\", value = 35 }]") +
                      rule("\"prctl\"", "kill-process", "args = [{ index = 1, op = \"eq\", value = 8 }]") + rule("\"prctl\"", "log"));
  CHECK(filter(SYS_prctl, 35, 0) == error(EPERM));
  CHECK(filter(SYS_prctl, 35, 8) == kKill);
  CHECK(filter(SYS_prctl, 1, 8) == kKill);
  CHECK(filter(SYS_prctl, 1, 1) == SECCOMP_RET_LOG);
}

TEST_CASE("rules: an allow-list answers all else as `default` says, narrowed by presets") {
  const Filter filter("[seccomp]\ndefault = \"ENOSYS\"\n" + rule("\"@startup\", \"socket\", \"clone\"", "allow"));
  CHECK(filter(SYS_read) == kAllow);
  CHECK(filter(SYS_getppid) == error(ENOSYS));
  CHECK(filter(SYS_mount) == error(EPERM));
  CHECK(filter(SYS_socket, 2) == kAllow);
  CHECK(filter(SYS_socket, 3) == error(EAFNOSUPPORT));
  CHECK(filter(SYS_clone, 17) == kAllow);
  CHECK(filter(SYS_clone, 0x1000'0011) == error(EPERM));
  CHECK(codes_of("[seccomp]\ndefault = \"ENOSYS\"\n" + rule("\"read\"", "allow")) == "E0408");
}

TEST_CASE("rules: a preset is not overruled in passing") {
  CHECK(codes_of(rule("\"ptrace\"", "allow")) == "E0407");
  CHECK(codes_of(rule("\"ptrace\"", "kill-process")) == "E0407");
  CHECK(codes_of(rule("\"ptrace\"", "EPERM")) == "W0401");
  CHECK(Filter(rule("\"ptrace\"", "allow", "override = true"))(SYS_ptrace) == kAllow);
  CHECK(Filter(rule("\"ptrace\"", "kill-process", "override = true"))(SYS_ptrace) == kKill);
}

TEST_CASE("rules: an override drops what it covers and no more") {
  const Filter filter(rule("\"ioctl\"", "allow", "args = [{ index = 1, op = \"eq\", value = \"TIOCSTI\" }]\noverride = true"));
  CHECK(filter(SYS_ioctl, 0, 0x5412) == kAllow);
  CHECK(filter(SYS_ioctl, 0, 0x541c) == error(EPERM));
}

TEST_CASE("rules: what means nothing is said, with both places") {
  CHECK(codes_of(rule("\"bpf\", \"bpf\"", "EPERM")) == "W0401");
  CHECK(codes_of(rule("\"bpf\"", "EPERM") + rule("\"bpf\"", "EPERM")) == "W0401");
  CHECK(codes_of(rule("\"bpf\"", "EPERM") + rule("\"bpf\"", "trap")) == "W0402");
  CHECK(codes_of(rule("\"read\"", "allow")) == "W0402");
  CHECK(codes_of(rule("\"prctl\"", "EPERM", "args = [{ index = 0, op = \"eq\", value = 35 }]") + rule("\"prctl\"", "trap", "args = [{ index = 1, op = \"eq\", value = 8 }]")) ==
        "W0403");
  CHECK(codes_of(rule("\"prctl\"", "EPERM", "args = [{ index = 0, op = \"eq\", value = 35 }]") + rule("\"prctl\"", "trap", "args = [{ index = 0, op = \"eq\", value = 8 }]"))
            .empty());
}

TEST_CASE("rules: unknown calls are errors, those of another target are not") {
  CHECK(codes_of(rule("\"opemat\"", "EPERM")) == "E0403");
  CHECK(codes_of(rule("\"@clok\"", "EPERM")) == "E0403");
  CHECK(codes_of(rule("\"chown32\"", "EPERM")) == "N0401");
  CHECK(codes_of(rule("\"@chown\"", "EPERM", "override = true")).empty());  // a group has names of several
  CHECK(codes_of("[seccomp]\nmultiarch = true\n" + rule("\"fstat64\"", "EPERM")).empty());
}

TEST_CASE("rules: tests that say nothing are errors") {
  for (const char* test : {"{ index = 6, op = \"eq\", value = 1 }", "{ index = 0, op = \"lt\", value = 0 }", "{ index = 0, op = \"gt64\", value = -1 }",
                           "{ index = 0, op = \"eq\", value = 0x100000000 }", "{ index = 0, op = \"masked-eq\", value = 1 }", "{ index = 0, op = \"eq\", value = 1, mask = 1 }",
                           "{ index = 0, op = \"masked-eq\", value = 2, mask = 1 }"}) {
    CAPTURE(test);
    CHECK(codes_of(rule("\"prctl\"", "EPERM", std::string("args = [") + test + "]")) == "E0405");
  }
}

// main.cc reports it as Code::FilterTooLong.
TEST_CASE("rules: libseccomp cannot say overlapping conditions, and the proof sees it") {
  SyscallPolicy policy;
  policy.archs = {Arch::X86_64};
  policy.shape = FilterShape::Priority;
  policy.rules = {{"prctl", {ActionKind::KillProcess, 0}, {{0, kAllBits, 35, 35}}, "a", {}}, {"prctl", {ActionKind::Errno, EPERM}, {{1, kAllBits, 8, 8}}, "b", {}}};
  CHECK(disprove_filter(resolve_numbers(policy), compile_filter(policy)).has_value());
  policy.shape = FilterShape::Ranges;
  CHECK_FALSE(disprove_filter(resolve_numbers(policy), compile_filter(policy)).has_value());
}

// The structure of Docker's published default profile, cut down: names, conditions on capabilities and architectures, tests of arguments, errnoRet.
TEST_CASE("oci: an engine's profile is taken over") {
  const std::string text = data("oci-seccomp.json");
  const Filter plain(kOci, text);
  CHECK(plain(SYS_read) == kAllow);
  CHECK(plain(SYS_getppid) == error(EPERM));
  CHECK(plain(SYS_clone3) == error(ENOSYS));
  CHECK(plain(SYS_personality, 8) == kAllow);
  CHECK(plain(SYS_personality, 1) == error(EPERM));
  CHECK(plain(SYS_clone, 17) == kAllow);
  CHECK(plain(SYS_clone, 0x1000'0011) == error(EPERM));
  CHECK(plain(SYS_bpf) == error(EPERM));
  CHECK(plain(SYS_arch_prctl) == kAllow);
  const Filter kept(kOci + "[capabilities]\nkeep = [\"bpf\"]\n", text);
  CHECK(kept(SYS_bpf) == kAllow);
  for (const char* bad : {"", "[]", "{}", "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":1}"})
    CHECK(codes_of(kOci, bad) == "E0409");
}

// The same in full size: all parts of the published one, in its order of magnitude.
TEST_CASE("oci: a profile of full size, with every kind of condition") {
  const std::string text = data("oci-seccomp-full.json");
  CHECK(codes_of(kOci, text).empty());
  const Filter plain(kOci, text);
  for (const int number : {SYS_read, SYS_openat, SYS_futex, SYS_execve, 462, SYS_rseq, SYS_chown}) CHECK(plain(number) == kAllow);
  for (const int number : {SYS_keyctl, SYS_add_key, SYS_mount, SYS_unshare, SYS_setns, SYS_reboot, SYS_chroot, SYS_init_module, SYS_acct, SYS_iopl, SYS_settimeofday, SYS_syslog,
                           SYS_bpf, SYS_perf_event_open, SYS_mbind, SYS_io_uring_setup, SYS_userfaultfd, SYS_vhangup, SYS_open_by_handle_at})
    CHECK(plain(number) == error(EPERM));
  CHECK(plain(SYS_clone3) == error(ENOSYS));  // errnoRet
  CHECK(plain(SYS_ptrace) == kAllow);         // minKernel 4.8
  CHECK(plain(SYS_arch_prctl) == kAllow);     // arches amd64
  CHECK(plain(SYS_socket, 2) == kAllow);      // args: not 40
  CHECK(plain(SYS_socket, 40) == error(EPERM));
  for (const std::uint64_t allowed : {0ul, 8ul, 0x20000ul, 0x20008ul, 0xffff'fffful}) CHECK(plain(SYS_personality, allowed) == kAllow);
  CHECK(plain(SYS_personality, 1) == error(EPERM));
  CHECK(plain(SYS_clone, 17) == kAllow);  // excludes caps, masked
  CHECK(plain(SYS_clone, 0x0002'0011) == error(EPERM));
  CHECK(plain(SYS_clone, 17, 0x0002'0000) == kAllow);  // s390's is another's
  const auto with = [&](const char* capability) { return Filter(kOci + "[capabilities]\nkeep = [\"" + capability + "\"]\n", text); };
  CHECK(with("sys-time")(SYS_settimeofday) == kAllow);
  CHECK(with("sys-time")(SYS_reboot) == error(EPERM));
  CHECK(with("sys-chroot")(SYS_chroot) == kAllow);
  CHECK(with("perfmon")(SYS_perf_event_open) == kAllow);
  CHECK(with("syslog")(SYS_syslog) == kAllow);
  const Filter admin = with("sys-admin");
  CHECK(admin(SYS_mount) == kAllow);
  CHECK(admin(SYS_clone, 0x1002'0011) == kAllow);
  CHECK(admin(SYS_clone3) == kAllow);
}

TEST_CASE("oci: every comparison, several tests of one argument, and each action") {
  const auto with = [](const std::string& op, const std::string& more = "") {
    return Filter(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"prctl","action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":5,"op":"SCMP_CMP_)" + op + "\"" +
                            more + "}]}]}");
  };
  const std::uint32_t eperm = error(EPERM);
  const struct {
    const char* op;
    bool at4, at5, at6;
  } rows[] = {{"EQ", false, true, false}, {"NE", true, false, true}, {"LT", true, false, false}, {"LE", true, true, false}, {"GT", false, false, true}, {"GE", false, true, true}};
  for (const auto& row : rows) {
    CAPTURE(row.op);
    const Filter filter = with(row.op);
    CHECK(filter(SYS_prctl, 4) == (row.at4 ? eperm : kAllow));
    CHECK(filter(SYS_prctl, 5) == (row.at5 ? eperm : kAllow));
    CHECK(filter(SYS_prctl, 6) == (row.at6 ? eperm : kAllow));
  }
  const Filter masked = with("MASKED_EQ", ",\"valueTwo\":4");
  CHECK(masked(SYS_prctl, 6) == eperm);
  CHECK(masked(SYS_prctl, 5) == kAllow);
  const Filter either(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["prctl"],"action":"SCMP_ACT_KILL_PROCESS","args":[
    {"index":0,"value":5,"op":"SCMP_CMP_EQ"},{"index":0,"value":7,"op":"SCMP_CMP_EQ"}]}]})");
  CHECK(either(SYS_prctl, 5) == kKill);
  CHECK(either(SYS_prctl, 7) == kKill);
  CHECK(either(SYS_prctl, 6) == kAllow);
  const struct {
    const char* name;
    std::uint32_t answer;
  } actions[] = {{"SCMP_ACT_LOG", SECCOMP_RET_LOG},          {"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
                 {"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD}, {"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
                 {"SCMP_ACT_KILL_PROCESS", kKill},           {"SCMP_ACT_ERRNO", eperm}};
  for (const auto& action : actions)
    CHECK(Filter(kOci, "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"" + std::string(action.name) + "\"}]}")(SYS_bpf) == action.answer);
}

TEST_CASE("oci: what has no place in a launcher is told of, what cannot be understood is an error") {
  const auto entry = [](const std::string& members) {
    return "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\"," + members + "}]}";
  };
  CHECK(codes_of(kOci, entry("\"includes\":{\"minKernel\":\"5.15\"}")).empty());
  CHECK(codes_of(kOci, entry("\"includes\":{\"minKernel\":\"6.8\"}")) == "W0404");
  CHECK(Filter(kOci, entry("\"includes\":{\"minKernel\":\"6.8\"}"))(SYS_bpf) == kAllow);
  CHECK(Filter(kOci, entry("\"excludes\":{\"minKernel\":\"4.8\"}"))(SYS_bpf) == kAllow);
  CHECK(Filter(kOci, entry("\"excludes\":{\"minKernel\":\"6.8\"}"))(SYS_bpf) == error(EPERM));
  CHECK(codes_of(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/run/agent","flags":["SECCOMP_FILTER_FLAG_TSYNC"]})") == "W0404");
  CHECK(codes_of(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"]})") == "W0404");
  for (const char* bad : {"\"errnoRet\":\"EPERM\"", "\"errnoRet\":4096", "\"includes\":{\"minKernel\":\"new\"}", "\"args\":[{\"index\":6,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]",
                          "\"args\":[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_ODD\"}]"}) {
    CAPTURE(bad);
    CHECK(codes_of(kOci, entry(bad)) == "E0409");
  }
  CHECK(codes_of(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO"}]})") == "E0409");
  CHECK(codes_of(kOci, R"({"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["bpf"],"action":"SCMP_ACT_TRACE"}]})") == "E0409");
}
