// damage STEP LAUNCHER...: launchers with one bit of their plan flipped, each bit in turn, and launchers cut short at each byte. STEP 1 is all of them, N every N-th.
//
// A damaged plan is refused: status 125, one line on standard error, nothing on standard output, where the program would have written. Before the plan lie headers and code; a
// file that ends there may be refused by the kernel or killed by it, and all that can be asked is that no program runs. What follows the plan is for tools (section
// headers), and a launcher does without; so it does without zeros at the plan's end, which the kernel puts back.
//
// Each process that works here has the launcher in a file of memory, flips a bit, executes it, and flips it back. As root everything runs twice: as root, and as the
// ordinary user immure-test.
#include <elf.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "damage: %s\n", what.c_str());
  std::exit(2);
}

void must(bool holds, const char* what) {
  if (!holds) stop(std::string(what) + ": " + std::strerror(errno));
}

struct Launcher {
  std::string path, bytes;
  std::size_t begin = 0, end = 0;  // of the plan, the last segment that is loaded
  std::size_t first_cut = 0;       // what comes before has been cut in another launcher
};

Launcher read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Launcher launcher{path, {std::istreambuf_iterator<char>(file), {}}};
  Elf64_Ehdr header;
  if (launcher.bytes.size() < sizeof header) stop(path + " is no launcher");
  std::memcpy(&header, launcher.bytes.data(), sizeof header);
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, launcher.bytes.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_LOAD) launcher.begin = segment.p_offset, launcher.end = segment.p_offset + segment.p_filesz;
  }
  if (launcher.end - launcher.begin < 500) stop(path + ": the plan was not found");
  return launcher;
}

/// The stub is the same in each launcher, but for the headers: cut at every byte of the first one, and of the others at every byte of what differs.
void share_the_stub(std::vector<Launcher>& launchers) {
  constexpr std::size_t kHeaders = 4096;
  const Launcher& first = launchers.front();
  for (Launcher& other : launchers) {
    if (&other == &first || other.begin != first.begin || other.begin < kHeaders) continue;
    if (other.bytes.compare(kHeaders, other.begin - kHeaders, first.bytes, kHeaders, first.begin - kHeaders) == 0) other.first_cut = other.begin;
  }
}

struct Outcome {
  int status;  // as wait(2) has it
  std::string output, errors;
};

class Trial {
 public:
  explicit Trial(const Launcher& launcher) : launcher_(launcher), file_(memfd_create("launcher", 0)), output_(memfd_create("output", 0)), errors_(memfd_create("errors", 0)) {
    must(file_ >= 0 && output_ >= 0 && errors_ >= 0, "memfd_create");
    write(0, launcher.bytes);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial() {
    for (const int fd : {file_, output_, errors_}) close(fd);
  }

  Outcome whole() { return run(); }
  bool is_whole() const {
    std::string bytes(launcher_.bytes.size() + 1, '\0');
    must(pread(file_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(launcher_.bytes.size()), "read the launcher back");
    return bytes.compare(0, launcher_.bytes.size(), launcher_.bytes) == 0;
  }
  Outcome flipped(std::size_t bit) {
    const char byte = launcher_.bytes[bit / 8];
    write(bit / 8, std::string(1, static_cast<char>(byte ^ (1 << bit % 8))));  // not `{1, …}`, which would be two bytes
    Outcome outcome = run();
    write(bit / 8, std::string(1, byte));
    return outcome;
  }
  Outcome cut(std::size_t size) {
    must(ftruncate(file_, static_cast<off_t>(size)) == 0, "ftruncate");
    Outcome outcome = run();
    write(size, launcher_.bytes.substr(size));
    return outcome;
  }

 private:
  void write(std::size_t at, const std::string& bytes) { must(pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()), "pwrite"); }
  Outcome run() {
    const int child = vfork();
    must(child >= 0, "vfork");
    if (child == 0) {
      alarm(20);  // inherited by what is executed: a hang ends with a signal
      dup2(output_, 1);
      dup2(errors_, 2);
      execl(("/proc/self/fd/" + std::to_string(file_)).c_str(), "launcher", nullptr);
      _exit(126);
    }
    Outcome outcome;
    must(waitpid(child, &outcome.status, 0) == child, "waitpid");
    outcome.output = text_of(output_);
    outcome.errors = text_of(errors_);
    return outcome;
  }
  static std::string text_of(int fd) {
    std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
    if (text.empty()) return text;
    must(pread(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0, "read what was said");
    return text;
  }

  const Launcher& launcher_;
  int file_, output_, errors_;
};

/// As damaged: an example may lack something of this host, and then ends with 125 when it is whole, too.
bool refused(const Outcome& outcome) {
  return WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) == 125 && outcome.output.empty() && outcome.errors.find('\n') == outcome.errors.size() - 1 &&
         outcome.errors.find("this launcher is not whole") != std::string::npos;
}
bool ran_nothing(const Outcome& outcome) { return outcome.status != 0 && outcome.output.empty(); }

struct Tally {
  std::size_t bits = 0, cuts = 0, wrong = 0;
};

void complain(const Launcher& launcher, const char* what, std::size_t where, const Outcome& outcome) {
  std::printf("%s, %s %zu: status %#x, standard output `%s`, standard error `%s`\n", launcher.path.c_str(), what, where, static_cast<unsigned>(outcome.status),
              outcome.output.c_str(), outcome.errors.c_str());
}

/// The share of one of `workers`.
Tally work(const Launcher& launcher, std::size_t step, std::size_t worker, std::size_t workers) {
  Trial trial(launcher);
  Tally tally;
  const auto judge = [&](bool right, const char* what, std::size_t where, const Outcome& outcome) {
    if (right) return;
    if (++tally.wrong <= 10) complain(launcher, what, where, outcome);
  };
  for (std::size_t bit = launcher.begin * 8 + worker * step; bit < launcher.end * 8; bit += workers * step, ++tally.bits) {
    const Outcome outcome = trial.flipped(bit);
    judge(refused(outcome), "bit of the plan", bit - launcher.begin * 8, outcome);
  }
  // What has been flipped is flipped back: each of these damages was the only one.
  judge(trial.is_whole(), "flipped back", 0, trial.whole());
  // The kernel fills the last page with zeros, so a cut that takes nothing else is none.
  const std::size_t last = launcher.bytes.find_last_not_of('\0', launcher.end - 1);
  for (std::size_t size = launcher.first_cut + worker * step; size <= last; size += workers * step, ++tally.cuts) {
    const Outcome outcome = trial.cut(size);
    judge(size < launcher.begin ? ran_nothing(outcome) : refused(outcome), "cut after byte", size, outcome);
  }
  const Outcome outcome = trial.whole();
  judge(!refused(outcome) && trial.is_whole(), "whole again", 0, outcome);
  return tally;
}

/// All of it as one user, by one process for each processor. Whether it went as it should.
bool damage(const std::vector<Launcher>& launchers, std::size_t step, const char* who) {
  const std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
  Tally* tallies = static_cast<Tally*>(mmap(nullptr, workers * sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  must(tallies != MAP_FAILED, "mmap");
  for (std::size_t worker = 0; worker < workers; ++worker) {
    const int child = fork();
    must(child >= 0, "fork");
    if (child != 0) continue;
    for (const Launcher& launcher : launchers) {
      const Tally tally = work(launcher, step, worker, workers);
      tallies[worker].bits += tally.bits, tallies[worker].cuts += tally.cuts, tallies[worker].wrong += tally.wrong;
    }
    std::fflush(stdout);
    _exit(0);
  }
  bool whole = true;
  int status;
  while (wait(&status) > 0) whole = whole && status == 0;
  Tally sum;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    sum.bits += tallies[worker].bits, sum.cuts += tallies[worker].cuts, sum.wrong += tallies[worker].wrong;
  }
  std::printf("%s, %zu launchers: %zu flipped bits of plans, %zu cuts, %zu went otherwise than they should\n", who, launchers.size(), sum.bits, sum.cuts, sum.wrong);
  return whole && sum.wrong == 0 && sum.bits > 100 && sum.cuts > 100;
}

constexpr const char* kUser = "immure-test";

void become(const char* name) {
  const passwd* user = getpwnam(name);
  must(user != nullptr && setgroups(0, nullptr) == 0 && setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0, "become the ordinary user");
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Launcher> launchers;
  for (int i = 2; i < argc; ++i) launchers.push_back(read(argv[i]));
  const std::size_t step = argc > 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (step == 0) stop("usage: damage STEP LAUNCHER...");
  must(chdir("/") == 0, "chdir");

  share_the_stub(launchers);

  const bool as_root = geteuid() == 0;
  if (as_root && getpwnam(kUser) == nullptr) {
    std::printf("SKIP: there is no user %s (./dev test makes one)\n", kUser);
    return 77;
  }
  bool right = damage(launchers, step, as_root ? "root" : "an ordinary user");
  if (as_root) {
    std::fflush(stdout);
    become(kUser);
    right = damage(launchers, step, kUser) && right;
  }
  return right ? 0 : 1;
}
