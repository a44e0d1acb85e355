// tests/kernel/rules.tsv: each rule about overlays and tmpfs has a golden with its message and a test with what the kernel does.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "compiler/diag.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

namespace fs = std::filesystem;

const fs::path kTests = fs::path(IMMURE_SOURCE) / "tests";

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Rule {
  std::string code, golden, kernel;
};

std::vector<Rule> rules() {
  std::vector<Rule> out;
  std::istringstream lines(contents(kTests / "kernel/rules.tsv"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    Rule& rule = out.emplace_back();
    std::getline(fields, rule.code, '\t');
    std::getline(fields, rule.golden, '\t');
    std::getline(fields, rule.kernel, '\t');
  }
  return out;
}

constexpr const char* kEnumerators[] = {
#define DIAGNOSTIC(name, code, cls, title, story, failing, mended) #name,
#include "schema/diagnostics.def"
};

/// By their names: what is about layers, or about the options of a tmpfs.
bool is_rule(std::string_view name) {
  constexpr std::array<std::string_view, 8> kAbout{"Overlay", "Layer", "Lower", "Upper", "HostWork", "Tmpfs", "SizeUnlimited", "SizeRounded"};
  return std::any_of(kAbout.begin(), kAbout.end(), [&](std::string_view word) { return name.find(word) != std::string_view::npos; }) || name == "SizeAboveRam" ||
         name == "ModeTooLarge";
}

}  // namespace

TEST_CASE("kernel rules: each row names a golden that shows the code and a test of the kernel that asks for it") {
  for (const Rule& rule : rules()) {
    CAPTURE(rule.code);
    CHECK(contents(kTests / "golden" / (rule.golden + ".txt")).find("[" + rule.code + "]") != std::string::npos);
    CHECK(contents(kTests / "kernel" / (rule.kernel + ".sh")).find(rule.code) != std::string::npos);
  }
}

TEST_CASE("kernel rules: every code about overlays and tmpfs has a row, and every test is in one") {
  std::set<std::string> codes, tests;
  for (const Rule& rule : rules()) {
    codes.insert(rule.code);
    tests.insert(rule.kernel);
  }
  for (const CodeInfo& row : catalogue()) {
    if (!is_rule(kEnumerators[static_cast<std::size_t>(row.code)])) continue;
    CAPTURE(row.id);
    CHECK(codes.contains(std::string(row.id)));
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(kTests / "kernel")) {
    if (entry.path().extension() != ".sh" || entry.path().stem() == "common") continue;
    CAPTURE(entry.path().filename().string());
    CHECK(tests.contains(entry.path().stem().string()));
  }
}
