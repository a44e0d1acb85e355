// make_seeds OUT PROFILE...: what the fuzzers and their replays start from, made of profiles that compile: OUT/image/* and OUT/launcher/*, one each, under the profile's
// name. A profile with errors gives none; at least one must give some.
#include <filesystem>
#include <fstream>

#include "compiler/pipeline.h"
#include "tests/fuzz/target.h"

namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  require(out.good(), "a seed can be written");
}

}  // namespace

int main(int argc, char** argv) {
  require(argc > 2, "usage: make_seeds OUT PROFILE...");
  const fs::path place = argv[1];
  fs::create_directories(place / "image");
  fs::create_directories(place / "launcher");
  int made = 0;
  for (int i = 2; i < argc; ++i) {
    const immure::Options options;
    immure::Session session{options, {}, {}};
    const std::optional<immure::Compiled> compiled = immure::compile_launcher(session, argv[i]);
    if (!compiled) continue;
    const std::string name = fs::path(argv[i]).stem();
    write(place / "image" / name, compiled->image);
    write(place / "launcher" / name, compiled->launcher);
    ++made;
  }
  require(made != 0, "at least one profile compiles");
  std::printf("%d seeds\n", made);
}
