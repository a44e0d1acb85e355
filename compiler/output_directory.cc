// Under a temporary name beside its place, then renamed. Nothing that is there is touched: what stands in a directory is somebody's work.
//
// Each entry is made new, by names that come sorted, so a link of ours is never followed: a path below a link would fail as ENOTDIR or EEXIST.
#include "compiler/output_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include <sys/stat.h>

#include "compiler/output_file.h"

namespace immure {
namespace {

namespace fs = std::filesystem;

int make_file(const std::string& path, const OutputEntry& entry) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  int error = write_all(fd, entry.content);
  if (error == 0 && fchmod(fd, entry.mode) != 0) error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  return error;
}

int make(const std::string& path, const OutputEntry& entry) {
  switch (entry.kind) {
    case OutputEntry::Kind::Directory: return mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
    case OutputEntry::Kind::File: return make_file(path, entry);
    case OutputEntry::Kind::Symlink: return symlink(entry.content.c_str(), path.c_str()) == 0 ? 0 : errno;
  }
  return EINVAL;
}

int make_parents(const std::string& root, const std::string& below) {
  for (std::size_t slash = below.find('/'); slash != std::string::npos; slash = below.find('/', slash + 1)) {
    const std::string parent = root + '/' + below.substr(0, slash);
    if (mkdir(parent.c_str(), 0755) == 0) {
      if (chmod(parent.c_str(), 0755) != 0) return errno;
      continue;
    }
    struct stat there {};
    if (errno != EEXIST) return errno;
    if (lstat(parent.c_str(), &there) != 0 || !S_ISDIR(there.st_mode)) return ENOTDIR;
  }
  return 0;
}

}  // namespace

std::string write_directory(const std::string& path, const OutputDirectory& entries) {
  const auto failed = [&](const std::string& what, int error) { return "cannot make `" + what + "`: " + std::strerror(error); };
  struct stat there {};
  if (lstat(path.c_str(), &there) == 0) return "`" + path + "` is there already, and a directory is only ever written new: name another with -o";
  std::string name = path + ".XXXXXX";
  if (mkdtemp(name.data()) == nullptr) return failed(path, errno);
  std::string problem;
  for (const auto& [below, entry] : entries) {
    int error = make_parents(name, below);
    if (error == 0) error = make(name + '/' + below, entry);
    if (error == 0) continue;
    problem = failed(path + '/' + below, error);
    break;
  }
  // Last, and the deepest first, so that a directory that nobody may write can be filled.
  for (auto each = entries.rbegin(); problem.empty() && each != entries.rend(); ++each)
    if (each->second.kind == OutputEntry::Kind::Directory && chmod((name + '/' + each->first).c_str(), each->second.mode) != 0) problem = failed(path + '/' + each->first, errno);
  if (problem.empty() && (chmod(name.c_str(), 0755) != 0 || rename(name.c_str(), path.c_str()) != 0)) problem = failed(path, errno);
  std::error_code ignored;
  if (!problem.empty()) fs::remove_all(name, ignored);
  return problem;
}

}  // namespace immure
