// What an entry of [[fs]] is called in messages, and the parts that a `dev` is made of: both the model and the lowering need them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/profile.h"

namespace immure {

/// The op's key: `bind`, `tmpfs`, …
inline const char* op_key(const AnyOp& op) {
  struct Name {
#define OP(Struct, key, doc) \
  const char* operator()(const Struct##Op&) const { return key; }
#define END_OP(Struct)
#include "schema/language.def"
    const char* operator()(const std::monostate&) const { return "op"; }
  };
  return std::visit(Name{}, op);
}

struct DevDevice {
  const char* name;
  std::uint32_t number;  // major << 8 | minor, Documentation/admin-guide/devices.txt
};
inline constexpr std::array<DevDevice, 6> kDevDevices{{
    {"null", 1 << 8 | 3},
    {"zero", 1 << 8 | 5},
    {"full", 1 << 8 | 7},
    {"random", 1 << 8 | 8},
    {"urandom", 1 << 8 | 9},
    {"tty", 5 << 8 | 0},
}};

struct DevLink {
  const char* name;
  const char* to;
};
inline constexpr std::array<DevLink, 6> kDevLinks{{
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
    {"core", "/proc/kcore"},
    {"ptmx", "pts/ptmx"},
}};

/// Directories and files of a `dev` beside those.
inline constexpr std::array<std::string_view, 4> kDevOthers{"pts", "shm", "mqueue", "console"};

/// What `etc` makes beside the links to the host's entries, and what `root` leaves to the other ops.
inline constexpr const char* kEtcHost = ".host";
inline constexpr const char* kEtcMtab = "mtab";
inline constexpr const char* kEtcMtabTo = "/proc/mounts";
inline constexpr std::array<std::string_view, 5> kRootLeavesOut{"proc", "dev", "tmp", "mnt", "etc"};
inline bool root_leaves_out(std::string_view name) { return std::find(kRootLeavesOut.begin(), kRootLeavesOut.end(), name) != kRootLeavesOut.end(); }

/// What no system that runs programs is without, and `root` does not leave out.
inline bool on_every_host(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames{"bin", "boot", "home", "lib", "lib64", "opt", "root", "run", "sbin", "srv", "usr", "var"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The name below `.host`: at most one `etc` stands in a profile, so the profile's name will do where none is written.
inline std::string etc_prefix(const Profile& profile, const EtcOp& op) {
  if (op.prefix.present) return *op.prefix;
  return profile.top.name.present ? *profile.top.name : profile.stem;
}

/// What a host device's path says below /dev; nothing for one that lies elsewhere, or /dev itself.
inline std::optional<std::string> below_dev(const Template& path) {
  constexpr std::string_view kDev = "/dev/";
  if (path.segments.empty() || path.segments[0].variable || !path.segments[0].text.starts_with(kDev)) return std::nullopt;
  return path.segments[0].text.substr(kDev.size());
}

}  // namespace immure
