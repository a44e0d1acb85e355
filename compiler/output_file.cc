// A temporary file beside the target, filled, synced, given its mode, renamed over it.
//
// The rename makes it atomic for whoever looks at the target; the fsync before it keeps a crash from leaving an empty file under the final
// name. Beside the target, because a rename does not cross filesystems. Symbolic links are followed to the file that they name, so that
// `-o /dev/stdout` redirected to a file, or a link in ~/bin, does what its author means and the link itself survives. What is there and is no regular
// file is refused: to rename over /dev/null as root would break the machine, and a pipe cannot be "whole or untouched".
#include "compiler/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace immure {
namespace {

/// The temporary file; gone with the object unless it has been renamed.
class Temporary {
 public:
  explicit Temporary(const std::string& directory) : path_(directory + "/.immure-XXXXXX"), fd_(mkostemp(path_.data(), O_CLOEXEC)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (fd_ < 0) return;
    close(fd_);
    if (!kept_) unlink(path_.c_str());
  }
  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool rename_to(const std::string& target) {
    kept_ = rename(path_.c_str(), target.c_str()) == 0;
    return kept_;
  }

 private:
  std::string path_;
  int fd_;
  bool kept_ = false;
};

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "not a regular file";
}

bool same_file(const struct stat& a, const std::string& path) {
  struct stat b;
  return stat(path.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// strerror's text in the case of our messages.
std::string error_text(int error) {
  std::string text = std::strerror(error);
  text[0] = static_cast<char>(text[0] | 0x20);
  return text;
}

void failed(Diagnostics& diags, const std::string& path, const char* what, int error) {
  Diagnostic& d = diags.add(Code::OutputFailed, {}, "cannot " + std::string(what) + " `" + path + "`: " + error_text(error));
  const std::string directory = directory_of(path);
  if (error == EACCES || error == EPERM || error == EROFS) d.help("the directory `" + directory + "` must be writable");
  if (error == ENOENT && access(directory.c_str(), F_OK) != 0) d.help("the directory `" + directory + "` must exist");
}

/// The file to replace, with symbolic links followed; nothing (and a diagnostic) where that is none.
std::optional<std::string> real_target(const std::string& path, std::span<const std::string> inputs, Diagnostics& diags) {
  if (path.empty() || path.back() == '/') {
    diags.add(Code::OutputNotFile, {}, path.empty() ? "the output has no name" : "`" + path + "` can only be a directory");
    return std::nullopt;
  }
  struct stat there;
  if (stat(path.c_str(), &there) != 0) {
    const int error = errno;
    struct stat link;
    if (lstat(path.c_str(), &link) == 0) {
      diags.add(Code::OutputNotFile, {}, "`" + path + "` is a symbolic link that leads nowhere: " + error_text(error));
      return std::nullopt;
    }
    if (error == ENOENT) return path;
    failed(diags, path, "write", error);
    return std::nullopt;
  }
  if (!S_ISREG(there.st_mode)) {
    diags.add(Code::OutputNotFile, {}, "`" + path + "` is " + kind_of(there.st_mode)).help("`-o -` writes to standard output");
    return std::nullopt;
  }
  for (const std::string& input : inputs) {
    if (!same_file(there, input)) continue;
    diags.add(Code::OutputIsInput, {}, "`" + path + "` is the input `" + input + "`");
    return std::nullopt;
  }
  char resolved[PATH_MAX];
  if (realpath(path.c_str(), resolved) == nullptr) {
    failed(diags, path, "write", errno);
    return std::nullopt;
  }
  return resolved;
}

}  // namespace

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool write_output(const std::string& path, std::string_view bytes, unsigned mode, std::span<const std::string> inputs, Diagnostics& diags) {
  const std::optional<std::string> target = real_target(path, inputs, diags);
  if (!target) return false;
  Temporary temporary(directory_of(*target));
  const char* step = "write";
  int error = temporary.open() ? 0 : errno;
  if (error == 0) error = write_all(temporary.fd(), bytes);
  if (error == 0 && fchmod(temporary.fd(), mode) != 0) error = errno;
  if (error == 0 && fsync(temporary.fd()) != 0) error = errno;
  if (error == 0 && !temporary.rename_to(*target)) {
    error = errno;
    step = "replace";
  }
  if (error != 0) failed(diags, path, step, error);
  return error == 0;
}

}  // namespace immure
