// A random profile, in a form that can be made smaller entry by entry and key by key; and the faults that are planted in some.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace immure::test {

/// One entry of fs: `dir = "/a"` and then its other keys.
struct Entry {
  std::string op;
  std::vector<std::string> keys;
};

/// A mistake of which the code is known, and what the launch then shows. `@` is the directory of the world.
struct Fault {
  const char* code;
  std::vector<const char*> entries;
  const char* program = nullptr;  // instead of the probe
  const char* rest = nullptr;     // further tables
  // Of faults that launch, the wrong result that the message speaks of:
  const char* act = nullptr;        // what the probe is to do, and
  const char* answer = nullptr;     // the beginning of its answer
  const char* untouched = nullptr;  // a directory that stays empty
  const char* option = nullptr;     // given to the first tmpfs, where the language has no way to say it: the entries without it are launched
  bool no_system = false;           // without immure:system
};
const std::vector<Fault>& faults();

struct Draft {
  std::vector<Entry> entries;
  std::string cwd = "/", program = "/.probe";
  std::string rest;    // further tables
  bool system = true;  // extends immure:system
  const Fault* planted = nullptr;
  std::vector<std::string> variables;  // NAME=VALUE, given to the launcher

  std::string text(const std::filesystem::path& world) const;
  /// Whether a launch can leave something behind in the world.
  bool changes_the_world() const;
};

/// Everything follows from the seed.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}
  Draft draw();

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint64_t>(below)); }
  bool chance(int percent) { return pick(100) < percent; }
  const char* one_of(const std::vector<const char*>& words) { return words[static_cast<std::size_t>(pick(static_cast<int>(words.size())))]; }
  std::string path(int deepest);
  std::string target();
  std::string source();
  std::string link_contents();
  Entry entry();
  Entry overlay(const std::string& target);
  void maybe(Entry& entry, const char* key, int percent = 40);
  void add_variables(Draft& draft);
  void plant(Draft& draft);

  std::mt19937_64 random_;
};

}  // namespace immure::test
