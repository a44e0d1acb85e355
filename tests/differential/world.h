// The host that the random profiles take from: a few directories, files, links and mounts, in namespaces of their own so that nobody else meets the mounts.
#pragma once

#include <filesystem>
#include <set>

namespace immure::test {

class World {
 public:
  /// `probe`: the program that the sandboxes run.
  explicit World(const std::filesystem::path& probe);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const std::filesystem::path& place() const { return place_; }
  /// As it was made, after a launch that may have changed it.
  void restore() const;

 private:
  void make_files() const;
  std::filesystem::path place_;
  std::set<std::filesystem::path> root_;  // what was in `/` at first
};

/// A mount namespace that this process may mount in; what it mounts is gone with it. Its root is a tmpfs with everything that the machine's has: a launch that makes
/// something there leaves nothing on the machine.
void own_mounts();

}  // namespace immure::test
