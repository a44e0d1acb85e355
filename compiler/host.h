// The build host's files: the one door through which the compiler looks at this machine (`--host`), so that everything else gives equal answers everywhere.
//
// An interface, because tests bring a host of their own. Nothing here is ever changed; a device or a FIFO is never opened.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace immure {

struct HostStat {
  enum class Kind { Directory, File, Symlink, Device, Other };
  int error = 0;  // errno; 0: it is there
  Kind kind = Kind::Other;
  std::uint32_t mode = 0;  // permission bits
  std::uint32_t uid = 0, gid = 0;
  std::string link;                     // of a symlink
  std::uint64_t device = 0, inode = 0;  // both 0: not known
  std::uint64_t mount = 0;              // the number of the mount that it is on; 0: not known
  bool acl = false;                     // an access list (acl(5)) grants more, or less, than `mode` tells of others than the owner
};

/// Who would start the launcher.
struct HostCaller {
  std::uint32_t uid = 0, gid = 0;
  std::vector<std::uint32_t> groups;
};

class HostFiles {
 public:
  virtual ~HostFiles() = default;
  /// Of the file itself: a symlink is not followed.
  virtual HostStat look(const std::string& path) const = 0;
  /// With every link followed; empty where that fails.
  virtual std::string real_path(const std::string& path) const = 0;
  /// At most `size` bytes of a regular file from `offset`; shorter where it ends or cannot be read.
  virtual std::string read(const std::string& path, std::uint64_t offset, std::size_t size) const = 0;
  /// At most `limit` names.
  virtual std::vector<std::string> list(const std::string& directory, std::size_t limit) const = 0;
  virtual HostCaller caller() const = 0;
  /// Of the environment that a launcher started from here would get; nothing: not set.
  virtual std::optional<std::string> variable(const std::string& name) const = 0;
};

/// This machine's.
std::unique_ptr<HostFiles> host_files();

}  // namespace immure
