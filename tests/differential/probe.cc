// What the sandboxes of the differential test run: one line for each argument. Static, so that it runs in whatever view there is.
//
//   PATH          "KIND DEVICE:INODE MODE FLAGS FILESYSTEM WRITE LINK": what stands there, on which mount, and whether it may be written; "missing"
//   write:PATH    makes or extends that file: "ok" or the errno
//   room:PATH     "BYTES INODES" of the filesystem there; 0: no limit
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

void say_path(const char* path) {
  struct stat st {};
  if (lstat(path, &st) != 0) {
    std::printf("%s %d\n", errno == ENOENT || errno == ENOTDIR ? "missing" : "error", errno);
    return;
  }
  const char kind = S_ISDIR(st.st_mode) ? 'd' : S_ISREG(st.st_mode) ? 'f' : S_ISLNK(st.st_mode) ? 'l' : S_ISCHR(st.st_mode) ? 'c' : '?';
  char link[4096] = "";
  if (kind == 'l' && readlink(path, link, sizeof link - 1) < 0) link[0] = 0;
  const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  struct statvfs mount {};
  struct statfs filesystem {};
  fstatvfs(fd, &mount);
  fstatfs(fd, &filesystem);
  close(fd);
  const auto flag = [&](unsigned long bit, char letter) { return (mount.f_flag & bit) != 0 ? letter : '-'; };
  const int write = kind == 'l' ? -1 : faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 ? 0 : errno;
  std::printf("%c %ju:%ju %o %c%c%c%c %lx %d %s\n", kind, static_cast<std::uintmax_t>(st.st_dev), static_cast<std::uintmax_t>(st.st_ino), st.st_mode & 07777, flag(ST_RDONLY, 'r'),
              flag(ST_NOEXEC, 'x'), flag(ST_NOSUID, 's'), flag(ST_NODEV, 'd'), static_cast<unsigned long>(filesystem.f_type), write, link);
}

void say_write(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool written = fd >= 0 && write(fd, "x", 1) == 1;
  std::printf("%s %d\n", written ? "ok" : "refused", written ? 0 : errno);
}

void say_room(const char* path) {
  struct statfs info {};
  if (statfs(path, &info) != 0) std::printf("error %d\n", errno);
  else std::printf("%llu %llu\n", static_cast<unsigned long long>(info.f_blocks) * static_cast<unsigned long long>(info.f_bsize), static_cast<unsigned long long>(info.f_files));
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "write:", 6) == 0) say_write(argv[i] + 6);
    else if (std::strncmp(argv[i], "room:", 5) == 0) say_room(argv[i] + 5);
    else say_path(argv[i]);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
