// Golden tests of `immure check`: every DIRECTORY/*.toml is judged in process, and what a reader would see is compared with the .txt beside it. Where the directory has a
// host.txt, that is the host that `--host` looks at (tests/fake_host.h), with NAME.host added to it.
//
//   golden [--update] DIRECTORY
//
// A profile is given by its bare name and read relative to the directory, so that no expected text depends on the machine. A sound profile has
// an expected text too: the empty one. A directory named *.toml is a case of its own: a profile that cannot be read.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/allowances.h"
#include "compiler/check.h"
#include "compiler/check_host.h"
#include "compiler/diag_text.h"
#include "compiler/resolve.h"
#include "compiler/view.h"
#include "tests/fake_host.h"

namespace {

namespace fs = std::filesystem;
using namespace immure;

FileText read_file(const fs::path& path) {
  if (fs::is_directory(path)) return {{}, EISDIR};
  std::ifstream in(path, std::ios::binary);
  if (!in) return {{}, ENOENT};
  return {{std::istreambuf_iterator<char>(in), {}}, 0};
}

/// The same passes as `immure check`.
std::string judge(const fs::path& directory, const std::string& name) {
  Sources sources;
  Diagnostics diags;
  const ReadFile reader = [&](const std::string& path) { return read_file(directory / path); };
  const std::optional<Profile> profile = load_profile(name, sources, reader, diags);
  const bool with_host = fs::exists(directory / "host.txt");
  if (profile) {
    const View view = simulate(*profile, diags);
    check(*profile, view, diags);
    if (with_host) {
      test::FakeHost host;
      host.mounts("");
      host.describe(read_file(directory / "host.txt").text + read_file((directory / name).replace_extension(".host")).text);
      check_host(*profile, view, host, diags);
    }
  }
  apply_allowances(sources, 0, with_host, profile.has_value(), diags);
  const std::string counts = summary(diags);
  return counts.empty() ? "" : render_human(diags, sources, false) + counts + "\n";
}

std::vector<std::string> profiles_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void show_difference(const std::string& name, const std::string& expected, const std::string& found) {
  std::cout << "FAILED " << name << "\n---- expected\n" << expected << "---- found\n" << found << "----\n";
}

}  // namespace

int main(int argc, char** argv) {
  const bool update = argc == 3 && std::string(argv[1]) == "--update";
  if (argc != 2 && !update) {
    std::cerr << "usage: golden [--update] DIRECTORY\n";
    return 2;
  }
  const fs::path directory = argv[argc - 1];
  std::size_t failures = 0, cases = 0;
  for (const std::string& name : profiles_in(directory)) {
    const fs::path beside = (directory / name).replace_extension(".txt");
    const std::string found = judge(directory, name);
    ++cases;
    if (update) {
      std::ofstream(beside, std::ios::binary) << found;
      continue;
    }
    const FileText expected = read_file(beside);
    if (expected.error == 0 && expected.text == found) continue;
    show_difference(name, expected.error == 0 ? expected.text : "(no file)\n", found);
    ++failures;
  }
  std::cout << cases << " cases, " << failures << " failed" << (update ? ", all expectations rewritten" : "") << "\n";
  if (failures != 0) std::cout << "where the new text is right: golden --update " << directory.string() << "\n";
  return failures == 0 && cases != 0 ? 0 : 1;
}
