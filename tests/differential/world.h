// The host that the random profiles take from: a few directories, files, links and mounts, in namespaces of their own so that nobody else meets the mounts.
#pragma once

#include <filesystem>

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
};

/// A mount namespace that this process may mount in; what it mounts is gone with it.
void own_mounts();

}  // namespace immure::test
