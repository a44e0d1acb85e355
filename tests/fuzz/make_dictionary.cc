// Prints a libFuzzer dictionary: every key, table and word of the language, so that a fuzzer need not find them letter by letter.
#include <cstdio>
#include <string_view>

namespace {

/// One line, whatever the text (libFuzzer's documentation, "Dictionaries").
void entry(std::string_view text) {
  std::printf("\"");
  for (const char c : text)
    if (c < ' ') std::printf("\\x%02X", static_cast<unsigned>(c));
    else std::printf(c == '"' || c == '\\' ? "\\%c" : "%c", c);
  std::printf("\"\n");
}

}  // namespace

int main() {
#define WORD(Enumerator, spelling, doc) entry("\"" spelling "\"");
#define TABLE(Struct, member, path, doc) entry("[" path "]\n");
#define ROWS(Struct, member, path, doc) entry("[[" path "]]\n");
#define KEY(member, key, Type, dflt, doc) entry(key " = ");
#define ROWKEY(member, key, Type, dflt, doc) entry(key " = ");
#define OP(Struct, key, doc) entry("[[fs]]\n" key " = ");
#define OPKEY(member, key, Type, dflt, doc) entry(key " = ");
#include "schema/language.def"
  for (const char* more : {"immure = 1\n", "true",    "false",     "\"/\"",    "\"/usr\"",          "${HOME}",        "${X:-/d}",
                           "\"1KiB\"",     "\"25%\"", "\"5s\"",    "\"0755\"", "\"immure:system\"", "\"other.toml\"", "\"EPERM\"",
                           "\"@clock\"",   "eq64",    "masked-eq", "\"read\"", "\"ioctl\"",         "\"\"\"",         "'''",
                           "\\u0000",      "inf",     "nan",       "0x",       "1979-05-27"})
    entry(more);
}
