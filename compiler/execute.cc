// The launcher goes into a memory file that is sealed before it is executed: what runs is what was compiled, and nobody who gets hold of the
// descriptor can change it. The descriptor itself closes on exec.
#include "compiler/execute.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "compiler/output_file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3: asks for what was the default before; refused by older kernels
#endif

namespace immure {
namespace {

int open_memory(const std::string& name) {
  const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  const int fd = memfd_create(name.c_str(), flags | MFD_EXEC);
  return fd >= 0 || errno != EINVAL ? fd : memfd_create(name.c_str(), flags);
}

}  // namespace

int execute(const std::string& name, std::string_view launcher, const std::vector<std::string>& args) {
  const int fd = open_memory(name);
  if (fd < 0) return errno;
  int error = write_all(fd, launcher);
  if (error == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) error = errno;
  if (error == 0) {
    std::vector<char*> argv{const_cast<char*>(name.c_str())};
    for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
    argv.push_back(nullptr);
    fexecve(fd, argv.data(), environ);
    error = errno;
  }
  close(fd);
  return error;
}

}  // namespace immure
