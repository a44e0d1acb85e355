// write_output: whole or untouched, and one clear reason when it fails.
#include "compiler/output_file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/catch.h"

namespace fs = std::filesystem;
using namespace immure;

namespace {

/// A directory that is gone with the test.
struct Scratch {
  fs::path path;
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "immure-test-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Scratch() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator())); }
};

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

bool refused(const std::string& path, Code code, std::vector<std::string> inputs = {}) {
  Diagnostics diags;
  const bool written = write_output(path, "new", 0755, inputs, diags);
  return !written && diags.errors() == 1 && diags.sorted()[0].code == code;
}

bool written(const std::string& path, std::string_view bytes, unsigned mode = 0755) {
  Diagnostics diags;
  return write_output(path, bytes, mode, {}, diags) && diags.errors() == 0;
}

}  // namespace

TEST_CASE("output: the mode is exact whatever the umask") {
  const Scratch dir;
  const mode_t before = umask(0777);
  const bool done = written(dir / "out", "abc");
  umask(before);
  REQUIRE(done);
  struct stat st;
  REQUIRE(stat((dir / "out").c_str(), &st) == 0);
  CHECK((st.st_mode & 07777) == 0755);
  CHECK(contents(dir / "out") == "abc");
  CHECK(dir.entries() == 1);
}

TEST_CASE("output: a regular file is replaced, not written through") {
  const Scratch dir;
  put(dir / "out", "old");
  fs::create_hard_link(dir / "out", dir / "other");
  REQUIRE(written(dir / "out", "new"));
  CHECK(contents(dir / "out") == "new");
  CHECK(contents(dir / "other") == "old");
}

TEST_CASE("output: a symbolic link is followed and stays") {
  const Scratch dir;
  put(dir / "real", "old");
  fs::create_symlink("real", dir / "link");
  REQUIRE(written(dir / "link", "new"));
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(contents(dir / "real") == "new");
}

TEST_CASE("output: what is no regular file is never replaced") {
  const Scratch dir;
  fs::create_directory(dir / "directory");
  REQUIRE(mkfifo((dir / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("nowhere", dir / "dangling");
  CHECK(refused(dir / "directory", Code::OutputNotFile));
  CHECK(refused(dir / "directory/", Code::OutputNotFile));
  CHECK(refused(dir / "pipe", Code::OutputNotFile));
  CHECK(refused(dir / "dangling", Code::OutputNotFile));
  CHECK(refused("/dev/null", Code::OutputNotFile));
  CHECK(refused("/dev/full", Code::OutputNotFile));
  CHECK(refused("", Code::OutputNotFile));
  CHECK(dir.entries() == 3);
}

TEST_CASE("output: an input is never replaced, by any of its names") {
  const Scratch dir;
  put(dir / "profile.toml", "immure = 1");
  fs::create_symlink("profile.toml", dir / "link");
  fs::create_hard_link(dir / "profile.toml", dir / "hard");
  for (const char* name : {"profile.toml", "link", "hard"}) CHECK(refused(dir / name, Code::OutputIsInput, {"immure:system", dir / "profile.toml"}));
  CHECK(contents(dir / "profile.toml") == "immure = 1");
}

TEST_CASE("output: a missing directory is named") {
  const Scratch dir;
  Diagnostics diags;
  REQUIRE_FALSE(write_output(dir / "missing/out", "x", 0755, {}, diags));
  CHECK(diags.sorted()[0].code == Code::OutputFailed);
  REQUIRE(diags.sorted()[0].helps.size() == 1);
  CHECK(diags.sorted()[0].helps[0].find("/missing` must exist") != std::string::npos);
}

TEST_CASE("output: a failed write leaves what was there and nothing else") {
  const Scratch dir;
  put(dir / "out", "old");
  // A file size limit fails the write like a full disk does, and needs no mount.
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, SIG_IGN);
    Diagnostics diags;
    const bool done = write_output(dir / "out", std::string(10000, 'x'), 0755, {}, diags);
    _exit(!done && diags.errors() == 1 && diags.sorted()[0].code == Code::OutputFailed ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(contents(dir / "out") == "old");
  CHECK(dir.entries() == 1);
}

TEST_CASE("output: an unwritable directory leaves what was there") {
  if (geteuid() == 0) return;  // root may write anywhere
  const Scratch dir;
  put(dir / "out", "old");
  fs::permissions(dir.path, fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(refused(dir / "out", Code::OutputFailed));
  fs::permissions(dir.path, fs::perms::owner_all);
  CHECK(contents(dir / "out") == "old");
}
