// TOML to tree: order, spans, and the bounds that keep hostile texts harmless. What users read is in tests/golden.
#include "compiler/read_toml.h"

#include "compiler/toml_scan.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

struct Read {
  Sources sources;
  Diagnostics diags;
  std::optional<ast::Value> root;

  explicit Read(std::string text) {
    sources.add("a.toml", std::move(text));
    root = read_toml(sources, 0, diags);
  }
  std::string codes() const {
    std::string all;
    for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
    return all;
  }
  std::string at(const Span& span) const { return sources.file(0).text().substr(span.begin, span.end - span.begin); }
  const std::vector<ast::Member>& members() const {
    REQUIRE(root);
    return root->table()->members;
  }
};

std::string repeated(std::string_view piece, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += piece;
  return result;
}

}  // namespace

TEST_CASE("read_toml: members keep the order of the source") {
  const Read read("z = 1\na = 2\nm = 3\n[y]\n[b]\n");
  std::string order;
  for (const ast::Member& member : read.members()) order += member.key;
  CHECK(order == "zamyb");
}

TEST_CASE("read_toml: spans are bytes, whatever stands before them on the line") {
  const Read read("\"k\xc3\xa4y\" = [\"\xe6\x97\xa5\", 1, true]  # \xe2\x80\xa8 \xc2\x85\nb = 'x'\n");
  const ast::Member& first = read.members()[0];
  CHECK(read.at(first.key_span) == "\"k\xc3\xa4y\"");
  CHECK(read.at(first.value.span) == "[\"\xe6\x97\xa5\", 1, true]");
  CHECK(read.at(first.value.array()->items[0].span) == "\"\xe6\x97\xa5\"");
  CHECK(read.at(first.value.array()->items[2].span) == "true");
  CHECK(read.at(read.members()[1].value.span) == "'x'");
}

TEST_CASE("read_toml: spans hold far into a long line that is not ASCII") {
  const Read read("a = [" + repeated("\"\xc3\xa4\xe6\x97\xa5\", ", 5000) + "42]\n");
  CHECK(read.at(read.members()[0].value.array()->items.back().span) == "42");
  CHECK(read.at(read.members()[0].value.array()->items[4321].span) == "\"\xc3\xa4\xe6\x97\xa5\"");
}

TEST_CASE("read_toml: a byte order mark moves nothing") {
  const Read read(
      "\xef\xbb\xbf"
      "a = 1\nb = 2\n");
  CHECK(read.at(read.members()[0].key_span) == "a");
  CHECK(read.at(read.members()[1].key_span) == "b");
}

TEST_CASE("read_toml: a table's span begins at its header and holds its members") {
  const Read read("[a]\nx = 1\ny = [\n 2,\n]\n[[fs]]\nbind = \"/x\"\n[[fs]]\ninline = { p = 1, q = { r = 2 } }\nd.e.f = 3\n");
  CHECK(read.at(read.members()[0].value.span) == "[a]\nx = 1\ny = [\n 2,\n]");
  const ast::Array& fs = *read.members()[1].value.array();
  CHECK(read.at(fs.items[0].span) == "[[fs]]\nbind = \"/x\"");
  const ast::Table& second = *fs.items[1].table();
  CHECK(read.at(second.members[0].value.span) == "{ p = 1, q = { r = 2 } }");
  CHECK(second.members[1].key == "d");
  CHECK(read.at(second.members[1].key_span) == "d");
}

TEST_CASE("read_toml: line ends of both kinds") {
  const Read read("a = 1\r\nb = \"\"\"x\r\ny\"\"\"\r\nc = 3\r\n");
  CHECK(read.at(read.members()[2].key_span) == "c");
  CHECK(read.at(read.members()[2].value.span) == "3");
}

TEST_CASE("read_toml: what is nested too deep is refused before it can hurt") {
  for (const std::string& text : {"a = " + repeated("[", 100'000), "a = " + repeated("{ a = ", 100'000), repeated("a.", 100'000) + "a = 1\n",
                                  "[" + repeated("a.", 100'000) + "a]\n", "[[" + repeated("a . ", 100'000) + "a]]\n", "x = { " + repeated("'a'.", 100'000) + "a = 1 }\n",
                                  "x = [ [], { y = " + repeated("[", 100'000), "'''\n" + std::string("a = \"\"\"]\"\"\"\n") + repeated("a.", 50'000)}) {
    const Read read(text);
    CHECK_FALSE(read.root);
    CHECK(read.diags.errors() == 1);
  }
}

TEST_CASE("read_toml: the deepest that is allowed is read") {
  CHECK(Read("a = " + repeated("[", 32) + repeated("]", 32)).codes().empty());
  CHECK(Read("a = " + repeated("[", 33) + repeated("]", 33)).codes() == "E0105");
  CHECK(Read(repeated("a.", 31) + "a = 1").codes().empty());
  CHECK(Read(repeated("a.", 32) + "a = 1").codes() == "E0105");
  CHECK(Read("[" + repeated("a.", 31) + "a]\n" + repeated("b.", 31) + "b = " + repeated("{ " + repeated("c.", 31) + "c = ", 16) + "1" + repeated(" }", 16)).codes().empty());
}

TEST_CASE("read_toml: brackets and dots in strings and comments do not count") {
  const std::string many = repeated("[.{", 1000);
  CHECK(Read("a = \"" + many + "\" # " + many + "\nb = '" + many + "'\nc = \"\"\"" + many + "\n\\\"\"\"" + many + "\"\"\"\nd = '''" + many + "'' '''\ne = \"\\\"" + many + "\"\n")
            .codes()
            .empty());
}

TEST_CASE("read_toml: every repeat is found in one run, and the first value kept") {
  const Read read("a = 1\na = 2\nb = { c = 1 }\na = [\n3, # x\n4]\nd.e = 1\nd.e = 2\n[[f]]\ng = 1\n[[f]]\ng = 1\ng = 2\n");
  CHECK(read.codes() == "E0104 E0104 E0104 E0104");
  CHECK(*read.members()[0].value.integer() == 1);
}

TEST_CASE("read_toml: each cut of a text is read or refused, and never more than refused") {
  const std::string text =
      "immure = 1\nextends = [\"immure:system\"]\n[program]\npath = \"/usr/bin/\xc3\xa4\" # c\nargs = ['x', \"\"\"y\n\"\"\"]\n[env]\nset = { A = \"1\", \"B\" = '2' }\n[[fs]]\nbind.x = 0x1f\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const Read read(text.substr(0, size));
    CHECK(read.root.has_value() == !read.diags.has_errors());
  }
}

TEST_CASE("read_toml: each flipped bit is read or refused") {
  const std::string text = "immure = 1\nextends = [\"a\"]\n[program]\npath = \"/usr\" # c\nargs = ['x', \"\"\"y\n\"\"\"]\n[env]\nset = { A = \"1\" }\n[[fs]]\nb.x = 1\n[env]\n";
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Read read(flipped);
    CHECK((read.root.has_value() || read.diags.has_errors()));
  }
}

TEST_CASE("read_toml: letters that are not ASCII are harmless wherever they stand") {
  CHECK(Read("\xc3\xa4 = 1\n").codes() == "E0101");
  CHECK(Read("a = \xc3\xa4\n").codes() == "E0101");
  CHECK(Read("a = 1 \xc3\xa4\n").codes() == "E0101");
  CHECK(Read("[a] \xc3\xa4\n").codes() == "E0101");
  CHECK(Read("[\xc3\xa4]\n").codes() == "E0101");
  CHECK(Read("a = \"\"\"\\\xc3\xa4\"\"\"\n").codes() == "E0101");
  const Read read("a = \"\"\"\\\n  \xc3\xa4\"\"\" # \xe2\x80\xa9\n");
  CHECK(*read.members()[0].value.string() == "\xc3\xa4");
}

TEST_CASE("toml_scan: equal paths are one key, wherever they stand") {
  const auto keys = scan_toml("a.b = 1\n[t]\nx = { y = 1 }\n[[l]]\nk = 1\n[l.m]\n[[l]]\nk = 1\n[l.m]\n", true).keys;
  std::vector<std::string> paths;
  for (const TomlKey& key : keys) paths.push_back(key.path);
  for (std::size_t i = 0; i < paths.size(); ++i)
    for (std::size_t j = i + 1; j < paths.size(); ++j) CHECK((paths[i] != paths[j] || paths[i] == keys[4].path));
  CHECK(keys.size() == 10);
}
