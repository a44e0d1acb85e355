// Two children: one for the namespaces, whose own child is process 1 of the new pid namespace and mounts. They share a page with us for the results.
#include "compiler/host_probe.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace immure {
namespace {

constexpr unsigned kPatience = 10;  // seconds: a mount that hangs is a finding too, and not a hanging doctor
constexpr int kOtherNamespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNET;
constexpr const char* kPlace = "/tmp";  // covered in the child's own mount namespace

int result(long value) { return value < 0 ? errno : 0; }

int write_text(const char* path, const std::string& text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = result(write(fd, text.data(), text.size()));
  close(fd);
  return error;
}

int map_ids(uid_t uid, gid_t gid) {
  const auto line = [](unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1\n"; };
  if (const int error = write_text("/proc/self/uid_map", line(uid))) return error;
  (void)write_text("/proc/self/setgroups", "deny");
  return write_text("/proc/self/gid_map", line(gid));
}

/// An overlay with the options that a launcher gives, its layers by name or by descriptor (Linux 6.13).
int overlay(bool descriptors) {
  const int fs = fsopen("overlay", FSOPEN_CLOEXEC);
  if (fs < 0) return errno;
  int error = result(fsconfig(fs, FSCONFIG_SET_FLAG, "userxattr", nullptr, 0));
  const auto layer = [&](const char* key, const char* path) {
    if (error != 0) return;
    if (!descriptors) {
      error = result(fsconfig(fs, FSCONFIG_SET_STRING, key, path, 0));
      return;
    }
    const int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    error = fd < 0 ? errno : result(fsconfig(fs, FSCONFIG_SET_FD, key, nullptr, fd));
    if (fd >= 0) close(fd);
  };
  layer(descriptors ? "lowerdir+" : "lowerdir", "/tmp/lower");
  layer("upperdir", "/tmp/upper");
  layer("workdir", "/tmp/work");
  if (error == 0) error = result(fsconfig(fs, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0));
  if (error == 0) {
    const int mount = fsmount(fs, FSMOUNT_CLOEXEC, 0);
    error = result(mount);
    if (mount >= 0) close(mount);
  }
  close(fs);
  return error;
}

/// Process 1 of the new namespaces.
void mounts(HostProbe& out) {
  out.tmpfs = result(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
  if (out.tmpfs == 0) out.tmpfs = result(mount("tmpfs", kPlace, "tmpfs", MS_NOSUID | MS_NODEV, nullptr));
  if (out.tmpfs != 0) return;
  for (const char* directory : {"/tmp/proc", "/tmp/lower", "/tmp/upper", "/tmp/work", "/tmp/old"}) (void)mkdir(directory, 0755);
  out.proc = result(mount("proc", "/tmp/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  out.overlay = overlay(false);
  if (out.overlay == 0) out.overlay_descriptors = overlay(true);
  out.pivot = result(syscall(SYS_pivot_root, kPlace, "/tmp/old"));
}

void namespaces(HostProbe& out) {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  out.user_namespace = result(unshare(CLONE_NEWUSER));
  if (out.user_namespace != 0) return;
  out.other_namespaces = result(unshare(kOtherNamespaces));
  if (out.other_namespaces != 0) return;
  out.id_maps = map_ids(uid, gid);
  out.nested_limit = write_text("/proc/sys/user/max_user_namespaces", "0");
  const pid_t child = fork();
  if (child == 0) {
    alarm(kPatience);
    mounts(out);
    _exit(0);
  }
  if (child > 0) (void)waitpid(child, nullptr, 0);
}

}  // namespace

HostProbe probe_host() {
  void* const page = mmap(nullptr, sizeof(HostProbe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return {};
  HostProbe& shared = *new (page) HostProbe;
  const pid_t child = fork();
  if (child == 0) {
    alarm(kPatience);
    namespaces(shared);
    _exit(0);
  }
  if (child > 0) (void)waitpid(child, nullptr, 0);
  HostProbe out = shared;
  (void)munmap(page, sizeof(HostProbe));

  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  out.landlock_abi = abi > 0 ? static_cast<int>(abi) : 0;
  std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
  out.seccomp = result(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
  return out;
}

}  // namespace immure
