// A host that a test describes: what `check --host` looks at, without this machine's files.
#pragma once

#include <cerrno>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "compiler/host.h"

namespace immure::test {

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
  void directory(const std::string& path, std::uint32_t mode = 0755, std::uint32_t uid = 1000) { files_[path] = {{0, Kind::Directory, mode, uid, uid, "", 0, 0}, ""}; }
  void file(const std::string& path, const std::string& text, std::uint32_t mode = 0644, std::uint32_t uid = 1000) {
    files_[path] = {{0, Kind::File, mode, uid, uid, "", 0, 0}, text};
  }
  void link(const std::string& path, const std::string& to) { files_[path] = {{0, Kind::Symlink, 0777, 1000, 1000, to, 0, 0}, ""}; }
  void on_mount(const std::string& path, std::uint64_t number) { files_[path].first.mount = number; }
  void access_list(const std::string& path) { files_[path].first.acl = true; }
  /// As a text, one file a line: "dir PATH [MODE [UID]]", "file PATH MODE UID CONTENTS", "link PATH TO", "mount LINE-OF-MOUNTINFO", "env NAME [VALUE]".
  void describe(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string kind, path, rest;
      std::uint32_t mode = 0755, uid = 1000;
      words >> kind;
      if (kind == "mount") {
        std::getline(words >> std::ws, rest);
        files_["/proc/self/mountinfo"].second += rest + "\n";
        continue;
      }
      words >> path;
      if (kind == "env") {
        std::getline(words >> std::ws, rest);
        variable(path, rest);
        continue;
      }
      if (kind == "link") {
        words >> rest;
        link(path, rest);
        continue;
      }
      std::uint32_t number = 0;
      if (words >> std::oct >> number) mode = number;
      if (words >> std::dec >> number) uid = number;
      words.clear();
      std::getline(words >> std::ws, rest);
      if (kind == "dir") directory(path, mode, uid);
      if (kind == "file") file(path, rest + "\n", mode, uid);
    }
  }
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
  std::optional<std::string> variable(const std::string& name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
  void variable(const std::string& name, const std::string& value) { variables_[name] = value; }

 private:
  std::map<std::string, std::pair<HostStat, std::string>> files_;
  std::map<std::string, std::string> variables_;
};

}  // namespace immure::test
