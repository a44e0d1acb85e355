// See host.h.
#include "compiler/host.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string_view>

namespace immure {
namespace {

HostStat::Kind kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return HostStat::Kind::Directory;
  if (S_ISREG(mode)) return HostStat::Kind::File;
  if (S_ISLNK(mode)) return HostStat::Kind::Symlink;
  if (S_ISCHR(mode) || S_ISBLK(mode)) return HostStat::Kind::Device;
  return HostStat::Kind::Other;
}

class RealFiles : public HostFiles {
 public:
  HostStat look(const std::string& path) const override {
    struct statx st {};
    HostStat out;
    if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID, &st) != 0) {
      out.error = errno;
      return out;
    }
    out.kind = kind_of(st.stx_mode);
    out.mode = st.stx_mode & 07777;
    out.uid = st.stx_uid;
    out.gid = st.stx_gid;
    out.device = makedev(st.stx_dev_major, st.stx_dev_minor);
    out.inode = st.stx_ino;
    if ((st.stx_mask & STATX_MNT_ID) != 0) out.mount = st.stx_mnt_id;
    if (out.kind != HostStat::Kind::Symlink) out.acl = lgetxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
    if (out.kind == HostStat::Kind::Symlink) {
      char text[PATH_MAX];
      const ssize_t length = readlink(path.c_str(), text, sizeof text);
      if (length > 0) out.link.assign(text, static_cast<std::size_t>(length));
    }
    return out;
  }
  std::string real_path(const std::string& path) const override {
    char text[PATH_MAX];
    return realpath(path.c_str(), text) == nullptr ? std::string() : std::string(text);
  }
  std::string read(const std::string& path, std::uint64_t offset, std::size_t size) const override {
    std::string out;
    // A FIFO would block without O_NONBLOCK; regular files do not mind it.
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return out;
    struct stat st {};
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && offset <= LONG_MAX) {
      char buffer[1 << 14];
      while (out.size() < size) {
        const ssize_t got = pread(fd, buffer, std::min(sizeof buffer, size - out.size()), static_cast<off_t>(offset + out.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        out.append(buffer, static_cast<std::size_t>(got));
      }
    }
    close(fd);
    return out;
  }
  std::vector<std::string> list(const std::string& directory, std::size_t limit) const override {
    std::vector<std::string> names;
    DIR* stream = opendir(directory.c_str());
    if (stream == nullptr) return names;
    while (names.size() < limit) {
      const dirent* entry = readdir(stream);
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    closedir(stream);
    std::sort(names.begin(), names.end());
    return names;
  }
  HostCaller caller() const override {
    HostCaller out{geteuid(), getegid(), {}};
    gid_t groups[NGROUPS_MAX];
    const int count = getgroups(NGROUPS_MAX, groups);
    // Root drops them; others cannot.
    if (out.uid != 0) out.groups.assign(groups, groups + std::max(count, 0));
    return out;
  }
  std::optional<std::string> variable(const std::string& name) const override {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
};

}  // namespace

std::unique_ptr<HostFiles> host_files() { return std::make_unique<RealFiles>(); }

}  // namespace immure
