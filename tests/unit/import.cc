// Reading what others wrote: the shell's words, and what an import owes its reader.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "compiler/cli.h"
#include "compiler/emit.h"
#include "compiler/import.h"
#include "compiler/session.h"
#include "compiler/shell_words.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

/// The words of a script's first command, variables shown as they are written.
std::string words_of(std::string_view text) {
  std::string out;
  const ShellScript script = read_shell(text, 0);
  if (script.commands.empty()) return "nothing";
  for (const ShellWord& word : script.commands[0].words) out += '[' + word.text.shown() + (word.known ? "" : "?") + (word.arguments ? "@" : "") + ']';
  return out;
}

std::set<Code> codes_of(const Diagnostics& diags) {
  std::set<Code> out;
  for (const Diagnostic& diag : diags.sorted()) out.insert(diag.code);
  return out;
}

}  // namespace

TEST_CASE("shell words: quotes, continued lines and comments") {
  CHECK(words_of("a 'b c' \"d e\" f\\ g \\\n h # i") == "[a][b c][d e][f g][h]");
  CHECK(words_of("a '' \"\"") == "[a][][]");
  CHECK(words_of("a \"x\\\"y\\z\"") == "[a][x\"y\\z]");
}

TEST_CASE("shell words: variables, defaults, and what is not known") {
  CHECK(words_of("a $B ${C} ${D:-e}x ~/f") == "[a][${B}][${C}][${D:-e}x][${HOME}/f]");
  CHECK(words_of("a $(date) `date` ${B%x} *.c $1") == "[a][?][?][?][*.c?][?]");
  CHECK(words_of("a \"$@\"") == "[a][@]");
  CHECK(words_of("B=/b\na \"$B/c\"") == "[a][/b/c]");
}

TEST_CASE("shell words: arrays, here-documents, redirections; no loops") {
  CHECK(words_of("x=(b 'c d')\nx+=(e)\na \"${x[@]}\" f") == "[a][b][c d][e][f]");
  CHECK(words_of("a b <<'END' >c 2>&1\nd e\nEND\n") == "[a][b]");
  CHECK(words_of("for i in 1 2; do b; done\nif c; then d; fi\na") == "[a]");
  CHECK(read_shell("for i in 1 2; do b; done", 0).skipped.size() == 1);
}

TEST_CASE("import: a file of another kind is an error, what is lost a warning") {
  Sources sources;
  const std::uint32_t other = sources.add("other.sh", "ls"), config = sources.add("config.json", "[]"),
                      lossy = sources.add("lossy.sh", "bwrap --ro-bind /usr /usr --sync-fd 3 /usr/bin/true");
  Diagnostics none;
  CHECK_FALSE(import_bwrap(sources, other, none));
  CHECK_FALSE(import_oci(sources, config, none));
  CHECK(codes_of(none) == std::set<Code>{Code::NotImportable});
  Diagnostics some;
  const std::optional<std::string> profile = import_bwrap(sources, lossy, some);
  REQUIRE(profile);
  CHECK(codes_of(some) == std::set<Code>{Code::NotCarriedOver});
  CHECK(profile->find("# not carried over: `--sync-fd 3`") != std::string::npos);
}

TEST_CASE("emit oci: a launch variable without a value is an error at its place") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("immure-unit-" + std::to_string(getpid()) + ".toml");
  std::ofstream(path) << "immure = 1\nextends = [\"immure:system\"]\n[launch]\nvariables = [\"IMMURE_UNSET\"]\n[program]\npath = \"/usr/bin/true\"\nargs = [\"${IMMURE_UNSET}\"]\n";
  Options options;
  options.files = {path};
  Session session{options, {}, {}};
  CHECK(emit_oci(session) == kHasErrors);
  CHECK(codes_of(session.diags).contains(Code::VariableUnbound));
  std::filesystem::remove(path);
}
