// The launcher goes into a memory file that is sealed before it is executed: what runs is what was compiled, and nobody who gets hold of the
// descriptor can change it. The descriptor itself closes on exec.
//
// The command stays as its parent, so that it can explain a launch that failed (command_build.cc); to the caller it must look as if it were the launcher. What the terminal
// sends reaches both, because they are one process group, so only signals from elsewhere are handed on. When the launcher stops as a job, so does the command. When the command
// is killed, so is the launcher. And the command keeps no descriptor but standard error, so that pipes end when the program ends them.
#include "compiler/execute.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "compiler/output_file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3: asks for what was the default before; refused by older kernels
#endif

namespace immure {
namespace {

constexpr int kHandedOn[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT};

int open_memory(const std::string& name) {
  const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  const int fd = memfd_create(name.c_str(), flags | MFD_EXEC);
  return fd >= 0 || errno != EINVAL ? fd : memfd_create(name.c_str(), flags);
}

int sealed(const std::string& name, std::string_view launcher, int& error) {
  const int fd = open_memory(name);
  error = fd < 0 ? errno : write_all(fd, launcher);
  if (error == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) error = errno;
  return fd;
}

/// In the child: never returns. What stops it is told through `news`, which closes when it starts.
[[noreturn]] void become(int launcher, const Launch& launch, const sigset_t& mask, pid_t parent, int news) {
  std::vector<char*> argv{const_cast<char*>(launch.name.c_str())};
  for (const std::string& arg : launch.args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) raise(SIGKILL);
  fexecve(launcher, argv.data(), environ);
  const int error = errno;
  (void)!write(news, &error, sizeof error);
  _exit(127);
}

/// All but standard error, which is to speak on at the end.
void close_descriptors() {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null >= 0) {
    dup2(null, 0);
    dup2(null, 1);
  }
  close_range(3, ~0U, 0);
}

void stop_with(pid_t child) {
  raise(SIGSTOP);
  kill(child, SIGCONT);  // whoever continued this one may have named it alone
}

/// The child's exit status once it has one.
int follow(pid_t child, const sigset_t& handled) {
  while (true) {
    siginfo_t signal{};
    if (sigwaitinfo(&handled, &signal) < 0) continue;
    if (signal.si_signo != SIGCHLD) {
      if (signal.si_code != SI_KERNEL) kill(child, signal.si_signo);
      continue;
    }
    int status = 0;
    while (const pid_t changed = waitpid(child, &status, WNOHANG | WUNTRACED)) {
      if (changed < 0) break;
      if (WIFEXITED(status)) return WEXITSTATUS(status);
      if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
      if (WIFSTOPPED(status)) stop_with(child);
    }
  }
}

}  // namespace

std::variant<Ended, NotStarted> execute(const Launch& launch, std::string_view launcher) {
  int error = 0;
  const int file = sealed(launch.name, launcher, error);
  int news[2] = {-1, -1};
  if (error == 0 && pipe2(news, O_CLOEXEC) != 0) error = errno;
  if (error != 0) return NotStarted{error};

  sigset_t handled, before;
  sigemptyset(&handled);
  for (const int signal : kHandedOn) sigaddset(&handled, signal);
  sigaddset(&handled, SIGCHLD);
  sigprocmask(SIG_BLOCK, &handled, &before);
  if (launch.dies_with_caller) prctl(PR_SET_PDEATHSIG, SIGKILL);
  const pid_t self = getpid(), child = fork();
  if (child == 0) become(file, launch, before, self, news[1]);
  if (child < 0) error = errno;
  close(news[1]);
  if (child > 0 && read(news[0], &error, sizeof error) > 0) waitpid(child, nullptr, 0);
  if (error != 0) return NotStarted{error};
  close_descriptors();
  return Ended{follow(child, handled)};
}

}  // namespace immure
