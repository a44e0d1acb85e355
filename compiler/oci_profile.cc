// What people have: `defaultAction`, and in `syscalls` lists of names with an action, tests of arguments, and conditions on what the container may do.
//
// Conditions on capabilities are settled here against `capabilities.keep`, those on architectures against the target and those on the kernel against the oldest
// on which launchers run, as the engines do when they start a container. `archMap` and `architectures` say which other architectures' calls are let through:
// that is `multiarch` here, so that nothing is let through that the profile does not name. Names that an architecture has not are skipped, as there. Of several tests of one argument the engines let any one suffice (libseccomp takes an
// argument once in a rule); so do we.
#include "compiler/oci_profile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <utility>

#include "compiler/json.h"
#include "compiler/syscalls.h"
#include "compiler/words.h"

namespace immure {
namespace {

struct ActionRow {
  std::string_view name;
  ActionKind kind;
};
constexpr ActionRow kActions[] = {{"SCMP_ACT_ALLOW", ActionKind::Allow},
                                  {"SCMP_ACT_LOG", ActionKind::Log},
                                  {"SCMP_ACT_ERRNO", ActionKind::Errno},
                                  {"SCMP_ACT_TRAP", ActionKind::Trap},
                                  {"SCMP_ACT_KILL", ActionKind::KillThread},
                                  {"SCMP_ACT_KILL_THREAD", ActionKind::KillThread},
                                  {"SCMP_ACT_KILL_PROCESS", ActionKind::KillProcess}};

std::string engine_name(Arch arch) {
  switch (arch) {
    case Arch::X86_64: return "amd64";
    case Arch::X86: return "x86";
    case Arch::Aarch64: return "arm64";
    case Arch::Arm: return "arm";
  }
  return {};
}

constexpr std::uint64_t kMostErrno = 4095;
constexpr std::pair<unsigned, unsigned> kOldestKernel{5, 15};

class Import {
 public:
  Import(const Profile& profile, SyscallPolicy& policy, Diagnostics& diags) : profile_(profile), policy_(policy), diags_(diags), place_(profile.seccomp.oci.span) {}

  void run(const std::string& text) {
    const Json root = Json::parse(text, nullptr, false);
    if (root.is_discarded() || !root.is_object()) return fault("the file is not JSON, or no object");
    if (!root.contains("defaultAction")) return fault("it has no `defaultAction`");
    const std::uint16_t error = number(root, "defaultErrnoRet", EPERM);
    if (const auto fallback = action(root["defaultAction"], error)) policy_.fallback = *fallback;
    tell_of_unused(root);
    if (!root.contains("syscalls")) return;
    if (!root["syscalls"].is_array()) return fault("`syscalls` is not a list");
    for (const Json& entry : root["syscalls"]) add(entry);
  }

 private:
  const Profile& profile_;
  SyscallPolicy& policy_;
  Diagnostics& diags_;
  Span place_;

  void fault(const std::string& what) { diags_.add(Code::BadOciProfile, place_, what).help("it takes the format of `docker run --security-opt seccomp=FILE`"); }

  void left_out(const std::string& what) { diags_.add(Code::OciPartLeftOut, place_, what); }

  /// What an engine would do outside of the filter.
  void tell_of_unused(const Json& root) {
    for (const char* key : {"listenerPath", "listenerMetadata"})
      if (root.contains(key)) left_out("`" + std::string(key) + "` of the OCI profile is not used: nobody listens to a launcher's filter");
    if (!root.contains("flags") || !root["flags"].is_array()) return;
    for (const Json& flag : root["flags"])
      if (flag != "SECCOMP_FILTER_FLAG_TSYNC") left_out("the flag " + flag.dump() + " of the OCI profile is not used");  // there is one thread
  }

  std::uint16_t number(const Json& in, const char* key, int otherwise) {
    if (!in.contains(key)) return static_cast<std::uint16_t>(otherwise);
    if (!in[key].is_number_unsigned() || in[key].get<std::uint64_t>() > kMostErrno) {
      fault("`" + std::string(key) + "` is " + in[key].dump() + ", which is no error number");
      return EPERM;
    }
    return in[key].get<std::uint16_t>();
  }

  std::optional<Action> action(const Json& name, std::uint16_t error) {
    if (name.is_string())
      for (const ActionRow& row : kActions)
        if (row.name == name.get<std::string>()) return Action{row.kind, row.kind == ActionKind::Errno ? error : std::uint16_t{0}};
    fault("the action " + name.dump() + " cannot be taken over");
    return std::nullopt;
  }

  static bool mentions(const Json& condition, const char* key, const std::string& word) {
    if (!condition.contains(key) || !condition[key].is_array()) return false;
    for (const Json& item : condition[key])
      if (item.is_string() && item.get<std::string>() == word) return true;
    return false;
  }
  bool keeps(const std::string& name) const {
    for (const Placed<type::Capability>& kept : *profile_.capabilities.keep)
      if (kernel_name(kept.value) == name) return true;
    return false;
  }
  /// Whether launchers have this kernel wherever they run; a newer one is told of, because the answer would depend on the host.
  bool has_kernel(const Json& condition) {
    const std::string text = condition["minKernel"].is_string() ? condition["minKernel"].get<std::string>() : "";
    unsigned major = 0, minor = 0;
    if (std::sscanf(text.c_str(), "%u.%u", &major, &minor) != 2) {
      fault("`minKernel` is " + condition["minKernel"].dump() + ", which is no version");
      return false;
    }
    if (std::pair(major, minor) <= kOldestKernel) return true;
    left_out("what the OCI profile says for Linux " + text + " and later is left out: launchers run on older ones too");
    return false;
  }
  /// All that `includes` names must be there, nothing that `excludes` names.
  bool applies(const Json& entry) {
    const Json none = Json::object();
    const Json& with = entry.contains("includes") && entry["includes"].is_object() ? entry["includes"] : none;
    const Json& without = entry.contains("excludes") && entry["excludes"].is_object() ? entry["excludes"] : none;
    const std::string arch = engine_name(policy_.archs[0]);
    if (with.contains("arches") && !mentions(with, "arches", arch)) return false;
    if (mentions(without, "arches", arch)) return false;
    if (with.contains("caps") && with["caps"].is_array())
      for (const Json& cap : with["caps"])
        if (!cap.is_string() || !keeps(cap.get<std::string>())) return false;
    if (without.contains("caps") && without["caps"].is_array())
      for (const Json& cap : without["caps"])
        if (cap.is_string() && keeps(cap.get<std::string>())) return false;
    if (with.contains("minKernel") && !has_kernel(with)) return false;
    return !without.contains("minKernel") || !has_kernel(without);
  }

  std::optional<ArgTest> test(const Json& arg) {
    if (!arg.is_object() || !arg.contains("index") || !arg["index"].is_number_unsigned() || !arg.contains("op") || !arg["op"].is_string()) return std::nullopt;
    const auto get = [&](const char* key) { return arg.contains(key) && arg[key].is_number_integer() ? arg[key].get<std::uint64_t>() : std::uint64_t{0}; };
    const auto index = arg["index"].get<std::uint64_t>();
    const std::uint64_t value = get("value"), two = get("valueTwo");
    const std::string op = arg["op"].get<std::string>();
    if (index > 5) return std::nullopt;
    const auto at = static_cast<std::uint8_t>(index);
    if (op == "SCMP_CMP_EQ") return ArgTest{at, kAllBits, value, value};
    if (op == "SCMP_CMP_NE") return ArgTest{at, kAllBits, value, value, true};
    if (op == "SCMP_CMP_LT" && value > 0) return ArgTest{at, kAllBits, 0, value - 1};
    if (op == "SCMP_CMP_LE") return ArgTest{at, kAllBits, 0, value};
    if (op == "SCMP_CMP_GT" && value < kAllBits) return ArgTest{at, kAllBits, value + 1, kAllBits};
    if (op == "SCMP_CMP_GE") return ArgTest{at, kAllBits, value, kAllBits};
    if (op == "SCMP_CMP_MASKED_EQ") return ArgTest{at, value, two & value, two & value};
    return std::nullopt;
  }

  void add(const Json& entry) {
    if (!entry.is_object() || !entry.contains("action")) return fault("an entry of `syscalls` without an `action`");
    if (!applies(entry)) return;
    const auto answer = action(entry["action"], number(entry, "errnoRet", EPERM));
    if (!answer) return;
    std::vector<ArgTest> tests;
    if (entry.contains("args") && entry["args"].is_array())
      for (const Json& arg : entry["args"]) {
        const auto made = test(arg);
        if (!made) return fault("the test " + arg.dump() + " cannot be taken over");
        tests.push_back(*made);
      }
    std::vector<std::string> names;
    if (!entry.contains("name") && !entry.contains("names")) return fault("an entry of `syscalls` names no call");
    if (entry.contains("name") && entry["name"].is_string()) names.push_back(entry["name"].get<std::string>());
    if (entry.contains("names") && entry["names"].is_array())
      for (const Json& name : entry["names"])
        if (name.is_string()) names.push_back(name.get<std::string>());
    for (const std::string& name : names) add_call(name, *answer, tests);
  }

  void add_call(const std::string& name, const Action& answer, const std::vector<ArgTest>& tests) {
    bool twice = false;
    for (std::size_t i = 1; i < tests.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) twice = twice || tests[i].index == tests[j].index;
    if (!twice) {
      policy_.rules.push_back({name, answer, tests, "oci", place_});
      return;
    }
    for (const ArgTest& test : tests) policy_.rules.push_back({name, answer, {test}, "oci", place_});
  }
};

}  // namespace

void add_oci_profile(const type::SourceFile& file, const Profile& profile, SyscallPolicy& policy, Diagnostics& diags) { Import(profile, policy, diags).run(file.content); }

}  // namespace immure
