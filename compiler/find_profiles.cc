// The walk looks at names only; what a file is, is told when it is read.
#include "compiler/find_profiles.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "compiler/toml_scan.h"

namespace immure {
namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  explicit Walk(Candidates& out) : out_(out) {}

  void start(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) directory(path);
    else add(path, true);
  }

 private:
  Candidates& out_;
  std::set<std::string> seen_;

  void add(std::string path, bool named) {
    if (!named && path.starts_with("./")) path.erase(0, 2);  // of `.` itself: as git and the services that show findings name it
    if (seen_.insert(path).second) out_.files.push_back({std::move(path), named});
  }

  void directory(const std::string& path) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(path, error); !error && at != fs::directory_iterator(); at.increment(error)) entries.push_back(*at);
    if (error) return out_.unreadable.push_back("cannot read the directory `" + path + "`: " + error.message());
    std::sort(entries.begin(), entries.end());
    for (const fs::directory_entry& entry : entries) {
      const std::string name = entry.path().filename().string();
      std::error_code ignored;
      const bool link = entry.is_symlink(ignored);
      if (entry.is_directory(ignored)) {
        if (!link && !name.starts_with('.')) directory(entry.path().string());
      } else if (name.ends_with(".toml") && entry.is_regular_file(ignored)) {
        add(entry.path().string(), false);
      }
    }
  }
};

bool is_key(const TomlKey& key, std::string_view name) {
  std::string_view path = key.path;
  if (!path.starts_with('\0')) return false;
  path.remove_prefix(1);
  return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '\0');
}

}  // namespace

Candidates find_candidates(const std::vector<std::string>& paths) {
  Candidates out;
  Walk walk(out);
  for (const std::string& path : paths) walk.start(path);
  return out;
}

Kind kind_of(std::string_view text) {
  if (text.find("immure") == std::string_view::npos) return Kind::Other;
  const TomlScan scan = scan_toml(text, true);
  const auto has = [&](std::string_view name) { return std::any_of(scan.keys.begin(), scan.keys.end(), [&](const TomlKey& key) { return !key.in_line && is_key(key, name); }); };
  if (!has("immure")) return Kind::Other;
  return has("program") ? Kind::Profile : Kind::Fragment;
}

}  // namespace immure
