// What every diagnostic owes its reader: examples that do what they say, and a test that shows it.
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "compiler/allowances.h"
#include "compiler/check.h"
#include "compiler/diag.h"
#include "compiler/resolve.h"
#include "compiler/view.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnumerators[] = {
#define DIAGNOSTIC(name, code, cls, title, story, failing, mended) #name,
#include "schema/diagnostics.def"
};

std::set<std::string> codes_of(std::string_view text) {
  Sources sources;
  Diagnostics diags;
  const ReadFile reader = [&](const std::string& path) { return path == "example.toml" ? FileText{std::string(text), 0} : FileText{{}, ENOENT}; };
  const auto profile = load_profile("example.toml", sources, reader, diags);
  if (profile) check(*profile, simulate(*profile, diags), diags);
  apply_allowances(sources, 0, false, profile.has_value(), diags);
  std::set<std::string> codes;
  for (const Diagnostic& diag : diags.sorted()) codes.emplace(info(diag.code).id);
  return codes;
}

/// All files of a directory of the tests with one extension, as one text.
std::string contents(const char* directory, const char* extension) {
  std::string all;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(IMMURE_SOURCE) / "tests" / directory)) {
    if (entry.path().extension() != extension || entry.path().filename() == "catalogue.cc") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

}  // namespace

TEST_CASE("catalogue: codes are well-formed, unique and of the right class") {
  std::set<std::string_view> seen;
  for (const CodeInfo& row : catalogue()) {
    CAPTURE(row.id);
    CHECK(row.id.size() == 5);
    CHECK(row.id.find_first_not_of("0123456789", 1) == std::string_view::npos);
    CHECK((row.id[0] == 'E' || row.id[0] == 'W' || row.id[0] == 'N'));
    CHECK(seen.insert(row.id).second);
    CHECK((row.cls == Class::Advice) == (row.severity == Severity::Warning));
    CHECK((row.cls == Class::Remark) == (row.severity == Severity::Note));
    CHECK_FALSE(row.title.empty());
    CHECK_FALSE(row.title.ends_with('.'));
    CHECK(row.story.ends_with('.'));
    CHECK(row.failing.empty() == row.mended.empty());
    CHECK(info(row.code).id == row.id);
  }
}

TEST_CASE("catalogue: the failing example gives exactly its code, the mended one nothing") {
  for (const CodeInfo& row : catalogue()) {
    if (row.failing.empty()) continue;
    CAPTURE(row.id);
    CHECK(codes_of(row.failing) == std::set<std::string>{std::string(row.id)});
    CHECK(codes_of(row.mended).empty());
  }
}

TEST_CASE("catalogue: every code is shown by a golden, or by a unit test where no text can show it") {
  const std::string goldens = contents("golden/check", ".txt") + contents("golden/host", ".txt"), units = contents("unit", ".cc");
  for (const CodeInfo& row : catalogue()) {
    CAPTURE(row.id);
    const std::string enumerator = std::string("Code::") + kEnumerators[static_cast<std::size_t>(row.code)];
    const bool golden = goldens.find("[" + std::string(row.id) + "]") != std::string::npos;
    const bool unit = units.find(enumerator) != std::string::npos || units.find(row.id) != std::string::npos;
    CHECK((golden || (row.failing.empty() && unit)));
  }
}
