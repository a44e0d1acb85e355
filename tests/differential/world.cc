// See world.h.
#include "tests/differential/world.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

namespace immure::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kSomebody = 65533;

void must(bool worked, const char* what) {
  if (!worked) throw std::system_error(errno, std::generic_category(), what);
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
}

void write_proc(const char* path, const std::string& text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  must(fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()), path);
  close(fd);
}

void mount_at(const char* type, const fs::path& source, const fs::path& target, unsigned long flags, const std::string& options = "") {
  must(mount(source.c_str(), target.c_str(), type, flags, options.empty() ? nullptr : options.c_str()) == 0, target.c_str());
}

/// `/tmp` is the machine's, and what the mount namespace holds is private already.
void own_root() {
  char name[] = "/tmp/immure-root.XXXXXX";
  must(mkdtemp(name) != nullptr, "make a directory");
  const fs::path root = name;
  mount_at("tmpfs", "tmpfs", root, 0, "mode=0755");
  for (const fs::directory_entry& entry : fs::directory_iterator("/")) {
    const fs::path at = root / entry.path().filename();
    if (entry.is_symlink()) {
      fs::create_symlink(fs::read_symlink(entry.path()), at);
      continue;
    }
    if (entry.is_directory()) fs::create_directory(at);
    else write_text(at, "");
    mount_at(nullptr, entry.path(), at, MS_BIND | MS_REC);
  }
  (void)umount2((root / "tmp" / root.filename()).c_str(), MNT_DETACH);  // a copy of itself
  fs::create_directory(root / "old");
  must(syscall(SYS_pivot_root, root.c_str(), (root / "old").c_str()) == 0 && chdir("/") == 0, "pivot_root");
  must(umount2("/old", MNT_DETACH) == 0, "leave the machine's root");
  fs::remove("/old");
  fs::remove(root);
}

}  // namespace

void own_mounts() {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  must(unshare(CLONE_NEWNS | (uid == 0 ? 0 : CLONE_NEWUSER)) == 0, "unshare");
  if (uid != 0) {
    write_proc("/proc/self/setgroups", "deny");
    write_proc("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1");
    write_proc("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1");
  }
  must(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "make mounts private");
  own_root();
}

void World::make_files() const {
  for (const char* name : {"x/a/b", "x/c", "y/a", "y/d", "z/up", "z/work", "z/b/c", "up/in", "up2", "work", "work2"}) fs::create_directories(place_ / name);
  for (const char* name : {"x/file", "x/a/file", "y/a/file", "z/b/file"}) write_text(place_ / name, name);
  const auto link = [&](const char* to, const char* name) {
    if (!fs::is_symlink(place_ / name)) fs::create_symlink(to, place_ / name);
  };
  link("a", "y/link");
  link("../x/file", "y/to-file");
  link("/a", "y/absolute");
  link("nowhere", "y/dangling");
}

World::World(const fs::path& probe) {
  for (const fs::directory_entry& entry : fs::directory_iterator("/")) root_.insert(entry.path());
  char name[] = "/tmp/immure-differential.XXXXXX";
  must(mkdtemp(name) != nullptr, "make a directory");
  place_ = fs::canonical(name);
  fs::permissions(place_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  make_files();
  fs::copy_file(probe, place_ / "probe");
  write_text(place_ / "script", "#!/there/is/none\n");
  write_text(place_ / "good-script", "#!/.probe\n");
  write_text(place_ / "plain", "no program");
  for (const char* program : {"probe", "script", "good-script"}) fs::permissions(place_ / program, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
  if (geteuid() == 0) {  // what only root can make: things of somebody else
    for (const char* path : {"closed/in", "theirs/open"}) fs::create_directories(place_ / path);
    write_text(place_ / "theirs/file", "theirs");
    for (const char* path : {"closed", "closed/in", "theirs", "theirs/open", "theirs/file"}) must(lchown((place_ / path).c_str(), kSomebody, kSomebody) == 0, path);
    must(chmod((place_ / "closed").c_str(), 0700) == 0, "closed");
  }
  // bind: x once more, as another mount. tree: a directory with two mounts in it, one of them read-only. merged: an overlay.
  for (const char* path : {"m/bind", "m/tree/mount/in", "m/tree/closed", "m/merged", "m/lower/up", "m/lower/work", "m/upper", "m/scratch", "m/twice"})
    fs::create_directories(place_ / path);
  const auto at = [&](const char* path) { return place_ / path; };
  mount_at(nullptr, at("x"), at("m/bind"), MS_BIND);
  mount_at("tmpfs", "tmpfs", at("m/tree/mount"), MS_NOEXEC);
  fs::create_directories(at("m/tree/mount/in"));
  mount_at(nullptr, at("y"), at("m/tree/closed"), MS_BIND);
  mount_at(nullptr, "", at("m/tree/closed"), MS_BIND | MS_REMOUNT | MS_RDONLY);
  const std::string layers = "userxattr,lowerdir=" + at("m/lower").string() + ",upperdir=" + at("m/upper").string() + ",workdir=" + at("m/scratch").string();
  mount_at("overlay", "overlay", at("m/merged"), 0, layers);
  mount_at("overlay", "overlay", at("m/twice"), 0, "userxattr,lowerdir=" + at("m/merged").string() + ":" + at("x").string());
}

World::~World() {
  for (const char* path : {"m/twice", "m/merged", "m/tree/closed", "m/tree/mount", "m/bind"}) umount2((place_ / path).c_str(), MNT_DETACH);
  std::error_code ignored;
  for (const char* path : {"work/work", "work2/work", "z/work/work", "m/scratch/work"}) fs::permissions(place_ / path, fs::perms::owner_all, ignored);
  fs::remove_all(place_, ignored);
}

void World::restore() const {
  std::error_code ignored;
  // The kernel leaves a directory of mode 0 in each work directory.
  for (const char* path : {"work/work", "work2/work", "z/work/work"}) fs::permissions(place_ / path, fs::perms::owner_all, ignored);
  // What is mounted stays: the contents of directories go, not the directories.
  for (const char* path : {"x", "y", "z", "up", "up2", "work", "work2"})
    for (const fs::directory_entry& entry : fs::directory_iterator(place_ / path)) fs::remove_all(entry.path(), ignored);
  fs::remove_all(place_ / "ensured", ignored);
  for (const fs::directory_entry& entry : fs::directory_iterator("/"))
    if (!root_.contains(entry.path())) fs::remove_all(entry.path(), ignored);
  make_files();
}

}  // namespace immure::test
