// The plan: the typed, checked, lowered program. From here on nothing is decided any more, only encoded.
//
// The op structs come from schema/ops.def, so that plan, wire and runtime cannot drift apart.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/bpf.h"
#include "compiler/values.h"
#include "schema/wire.h"

namespace immure {

/// Where in which file; `line` 0: a default, nowhere.
struct PlanOrigin {
  std::uint32_t file = 0;  // index into Plan::files
  std::uint32_t line = 0;
  friend bool operator==(const PlanOrigin&, const PlanOrigin&) = default;
};

/// A string of the plan that may hold launch variables. `is_path`: what it is bound to must be an absolute, normal path.
struct PlanText {
  Template text;
  bool is_path = false;
  PlanOrigin origin;
  /// Of a literal only the text counts: the other two speak of what is bound at launch, and the image does not hold them for it.
  friend bool operator==(const PlanText& a, const PlanText& b) {
    if (a.text.literal() || b.text.literal()) return a.text.literal() && b.text.literal() && a.text.str() == b.text.str();
    return a.text == b.text && a.is_path == b.is_path && a.origin == b.origin;
  }
};

namespace plan {
// What the field types of ops.def mean here.
using Text = PlanText;
using Ref = std::string;
using Data = std::string;
using U32 = std::uint32_t;
using U64 = std::uint64_t;
using Texts = std::vector<PlanText>;

#define OP(Name, id, doc) struct Name {
#define FIELD(Type, name, doc) Type name{};
#define END_OP(Name)                                          \
  friend bool operator==(const Name&, const Name&) = default; \
  }                                                           \
  ;
#include "schema/ops.def"

using AnyOp = std::variant<
#define OP(Name, id, doc) Name,
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"
    std::monostate>;
}  // namespace plan

struct PlanOp {
  plan::AnyOp op;
  std::uint16_t flags = 0;  // wire::OpFlag
  PlanOrigin origin;
  friend bool operator==(const PlanOp&, const PlanOp&) = default;
};

struct PlanExec {
  PlanText path, argv0;
  std::vector<PlanText> args;
  PlanOrigin origin;
  friend bool operator==(const PlanExec&, const PlanExec&) = default;
};

struct PlanId {
  wire::IdKind kind = wire::kIdCaller;
  std::uint32_t number = 0;
  friend bool operator==(const PlanId&, const PlanId&) = default;
};

struct PlanDaemon {
  PlanExec exec;
  PlanText ready;
  std::uint32_t timeout_ms = 5000;
  friend bool operator==(const PlanDaemon&, const PlanDaemon&) = default;
};

/// A resource limit, or a Landlock rule for a port: two numbers with their place.
struct PlanLimit {
  std::uint32_t resource = 0;  // RLIMIT_*
  std::uint64_t value = 0;
  PlanOrigin origin;
  friend bool operator==(const PlanLimit&, const PlanLimit&) = default;
};
struct PlanPathRule {
  PlanText path;
  std::uint64_t access = 0;  // LANDLOCK_ACCESS_FS_*
  PlanOrigin origin;
  friend bool operator==(const PlanPathRule&, const PlanPathRule&) = default;
};
struct PlanPortRule {
  std::uint64_t port = 0;
  std::uint64_t access = 0;  // LANDLOCK_ACCESS_NET_*
  PlanOrigin origin;
  friend bool operator==(const PlanPortRule&, const PlanPortRule&) = default;
};

struct Plan {
  std::string name;
  std::vector<std::string> files;      // [0] is the profile
  std::vector<std::string> variables;  // launch variables that are used
  std::uint32_t flags = 0;             // wire::ImageFlag
  PlanId uid, gid;
  std::string hostname;
  std::uint32_t parent_mode = 0755;
  std::uint32_t linger_ms = 5000;
  std::uint32_t timeout_ms = 0;
  wire::CancelKind cancel_kind = wire::kCancelForward;
  std::uint32_t cancel_wait_ms = 5000;
  std::uint32_t status_fd = wire::kNoDescriptor;
  std::vector<std::uint32_t> pass_fds, pass_dir_fds;
  std::uint32_t run_uid = 0, run_gid = 0;
  PlanText cgroup_path;
  std::uint32_t cgroup_fd = wire::kNoDescriptor;
  PlanOrigin cgroup_origin;
  std::string root_options;  // as mount(2) takes them
  std::vector<PlanOp> ops;
  std::vector<PlanDaemon> daemons;
  PlanExec program;
  PlanText cwd;
  std::vector<std::string> env_inherit;
  std::vector<std::pair<std::string, PlanText>> env_set;
  BpfProgram filter;
  BpfProgram init_filter;
  std::uint32_t landlock_scopes = 0;
  std::vector<PlanPathRule> landlock_paths;
  std::vector<PlanPortRule> landlock_ports;
  std::uint64_t keep_capabilities = 0;
  std::vector<PlanLimit> limits;
  friend bool operator==(const Plan&, const Plan&) = default;
};

}  // namespace immure
