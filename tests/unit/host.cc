// `check --host` against a host of our own.
#include "compiler/check_host.h"

#include <cerrno>
#include <map>

#include "compiler/elf_needs.h"
#include "tests/unit/from_text.h"

using namespace immure;
using namespace immure::test;

namespace {

class FakeHost : public HostFiles {
 public:
  using Kind = HostStat::Kind;
  FakeHost() {
    directory("/");
    for (const char* path : {"/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/proc", "/proc/self", "/srv", "/srv/a", "/srv/b", "/srv/work"}) directory(path);
    file("/usr/bin/true", "plain", 0755);
    file("/proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:5 / /srv/work/mnt rw - tmpfs x rw\n");
    file("/proc/meminfo", "MemTotal:  1024 kB\n");
  }
  void directory(const std::string& path, std::uint32_t mode = 0755, std::uint32_t uid = 1000) { files_[path] = {{0, Kind::Directory, mode, uid, uid, ""}, ""}; }
  void file(const std::string& path, const std::string& text, std::uint32_t mode = 0644, std::uint32_t uid = 1000) {
    files_[path] = {{0, Kind::File, mode, uid, uid, ""}, text};
  }
  void link(const std::string& path, const std::string& to) { files_[path] = {{0, Kind::Symlink, 0777, 1000, 1000, to}, ""}; }
  void mounts(const std::string& lines) { files_["/proc/self/mountinfo"].second = "1 0 8:1 / / rw - ext4 /dev/sda rw\n" + lines; }

  HostStat look(const std::string& path) const override {
    const auto found = files_.find(path);
    HostStat missing;
    missing.error = ENOENT;
    return found == files_.end() ? missing : found->second.first;
  }
  std::string real_path(const std::string& path) const override {
    const HostStat stat = look(path);
    if (stat.error != 0) return "";
    return stat.kind == Kind::Symlink ? real_path(stat.link) : path;
  }
  std::string read(const std::string& path, std::uint64_t offset, std::size_t size) const override {
    const auto found = files_.find(path);
    return found == files_.end() || offset >= found->second.second.size() ? "" : found->second.second.substr(offset, size);
  }
  std::vector<std::string> list(const std::string& directory, std::size_t) const override {
    std::vector<std::string> names;
    for (const auto& [path, row] : files_)
      if (path.size() > directory.size() + 1 && path.starts_with(directory + "/") && path.find('/', directory.size() + 1) == std::string::npos)
        names.push_back(path.substr(directory.size() + 1));
    return names;
  }
  HostCaller caller() const override { return {1000, 1000, {}}; }

 private:
  std::map<std::string, std::pair<HostStat, std::string>> files_;
};

/// The codes that the host adds.
std::string codes(const FakeHost& host, const std::string& entries, const std::string& program = "/usr/bin/true") {
  const Compiled compiled = compile("immure = 1\nextends = [\"immure:system\"]\nfs = [\n" + entries + "]\n[program]\npath = \"" + program + "\"\n");
  Diagnostics diags;
  check_host(compiled.profile, compiled.view, host, diags);
  std::string all;
  for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
  return all;
}

const std::string kOverlay = "{ overlay = \"/m\", lower = [\"/srv/a\"], upper = \"/srv/b\", work = \"/srv/work\" },\n";

}  // namespace

TEST_CASE("host: a sound profile gives nothing") {
  FakeHost host;
  host.mounts("");
  CHECK(codes(host, kOverlay + "{ bind = \"/srv/a\" }") == "");
}

TEST_CASE("host: sources that are missing, out of reach or of another kind") {
  FakeHost host;
  host.file("/srv/file", "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\" }") == "E0360");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\", optional = true }") == "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\", ensure = true }") == "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/srv/file\", ensure = true }") == "E0361");
  CHECK(codes(host, "{ dir = \"/x\" }, { bind = \"/x\", from = \"/srv/file\" }") == "E0361");
  CHECK(codes(host, "{ file = \"/tmp/x\", text = \"\" }, { bind = \"/tmp/x\", from = \"/srv/a\" }") == "E0361");
  host.directory("/closed", 0700, 5);
  host.directory("/closed/in", 0755, 5);
  CHECK(codes(host, "{ bind = \"/x\", from = \"/closed/in\" }") == "E0360");
  host.link("/dangling", "/none");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/dangling\" }") == "E0360");
}

TEST_CASE("host: layers of overlays") {
  FakeHost host;
  const auto two = [](const std::string& lower) { return "{ overlay = \"/m\", lower = [\"/srv/a\", \"" + lower + "\"] }"; };
  CHECK(codes(host, two("/none")) == "E0360");
  host.file("/srv/file", "");
  CHECK(codes(host, two("/srv/file")) == "E0361");
  CHECK(codes(host, two("/srv/work")) == "E0364");
  host.mounts("2 1 0:5 / /srv/b rw - tmpfs x rw\n");
  CHECK(codes(host, kOverlay) == "E0362");
  host.mounts("2 1 0:5 / /srv rw - overlay x rw\n");
  CHECK(codes(host, kOverlay) == "E0363 E0363");
  host.mounts("2 1 0:5 / /srv ro - ext4 x rw\n");
  CHECK(codes(host, kOverlay) == "E0365 E0365");
  host.mounts("");
  host.directory("/srv/work", 0755, 5);
  CHECK(codes(host, kOverlay) == "E0365");
  host.directory("/srv/work");
  host.file("/srv/a/others", "", 0666, 5);
  CHECK(codes(host, kOverlay) == "W0360");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/a\", \"/srv/b\"] }") == "");
}

TEST_CASE("host: a link below what the program may write is not followed") {
  FakeHost host;
  host.link("/srv/a/link", "/srv/b");
  CHECK(codes(host, "{ bind = \"/w\", from = \"/srv/a\", write = true }, { bind = \"/x\", from = \"/srv/a/link\" }") == "E0369");
  CHECK(codes(host, "{ bind = \"/w\", from = \"/srv/a\" }, { bind = \"/x\", from = \"/srv/a/link\" }") == "");
}

TEST_CASE("host: targets inside binds must be there") {
  FakeHost host;
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/a\" }") == "");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/x\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\", write = true }, { tmpfs = \"/d/x\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\", write = true }, { tmpfs = \"/d/x\", create = true }") == "");
  host.file("/srv/file", "");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/file\" }") == "E0361");
}

TEST_CASE("host: the program and what it needs") {
  FakeHost host;
  CHECK(codes(host, "", "/usr/bin/none") == "E0301");
  CHECK(codes(host, "", "/bin/true") == "");
  CHECK(codes(host, "", "/usr/lib") == "E0302");
  host.file("/usr/bin/script", "#! /usr/bin/none -x\n", 0755);
  CHECK(codes(host, "", "/usr/bin/script") == "E0367");
  host.file("/usr/bin/script", "#!/bin/true\n", 0644);
  CHECK(codes(host, "", "/usr/bin/script") == "E0303");
  host.file("/usr/bin/script", "#!/bin/true\n", 0755);
  CHECK(codes(host, "", "/usr/bin/script") == "");
}

TEST_CASE("host: a size above the memory is a warning") {
  const FakeHost host;
  CHECK(codes(host, "{ tmpfs = \"/t\", size = \"1MiB\" }") == "");
  CHECK(codes(host, "{ tmpfs = \"/t\", size = \"2MiB\" }, { tmpfs = \"/u\", size = \"101%\" }") == "W0361 W0361");
}

TEST_CASE("host: the needs of a real program are found, and E0368 where a library is not in the view") {
  const std::unique_ptr<HostFiles> real = host_files();
  const Needs needs = needs_of([&](std::uint64_t offset, std::size_t size) { return real->read("/proc/self/exe", offset, size); });
  CHECK(needs.kind == Needs::Kind::Elf);
  CHECK(needs.interpreter.find("/ld-") != std::string::npos);
  CHECK(std::any_of(needs.libraries.begin(), needs.libraries.end(), [](const std::string& name) { return name.starts_with("libc.so"); }));
  CHECK(cached_libraries(real->read("/etc/ld.so.cache", 0, 1 << 24), "libc.so.6").size() < 20);
  CHECK(needs_of([](std::uint64_t, std::size_t) { return std::string("\x7f" "ELF\2\1"); }).libraries.empty());
  CHECK(info(Code::HostLibraryMissing).id == "E0368");
}
