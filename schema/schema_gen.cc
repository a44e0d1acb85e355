// Prints what is generated from the contracts in this directory: the JSON Schemas of profiles and of diagnostics, the language reference, the error index.
//
//   schema_gen schema | diagnostics | reference | errors
//
// A host tool that knows nothing but schema/*.def, so that the language is described once and there is no second parser of it. Its outputs are
// committed, for people and editors that have no build; the target `generate` rewrites them and a test proves them fresh.
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

// ---- the rows as data ----------------------------------------------------------------------------------------------

struct Word {
  const char *spelling, *doc;
};
struct Type {
  std::string json, words;
};
struct Key {
  std::string key, type, fallback;  // fallback: as TOML has it, or REQUIRED, or ABSENT
  const char* doc;
  bool required() const { return fallback == "REQUIRED"; }
  bool has_default() const { return fallback != "REQUIRED" && fallback != "ABSENT"; }
};
struct Group {
  std::string name;  // a table's path or an op's key
  const char* doc;
  std::vector<Key> keys;
};
struct Code {
  const char *name, *id, *cls, *title, *story, *failing, *mended;
};

/// The text of a default, taken from its row by the preprocessor: "5s" comes with its quotes.
std::string fallback_of(const char* row) {
  std::string text = row;
  if (text.size() >= 2 && text[0] == '"') text = text.substr(1, text.size() - 2);
  return text;
}

struct Words {
  std::string name;
  const char* doc;
  std::vector<Word> words;
};
const std::vector<Words> kWords = {
#define WORDS(Enum, doc) \
  {                      \
#Enum, doc, {
#define WORD(Enumerator, spelling, doc) {spelling, doc},
#define END_WORDS(Enum) \
  }                     \
  }                     \
  ,
#include "schema/language.def"
};

std::string quoted_list(const std::vector<Word>& words, const char* quote, const char* between) {
  std::string result;
  for (const Word& word : words) result += (result.empty() ? "" : between) + std::string(quote) + word.spelling + quote;
  return result;
}

std::map<std::string, Type> all_types() {
  std::map<std::string, Type> types = {
#define TYPE(Name, json, words) {#Name, {json, words}},
#include "schema/language.def"
  };
  for (const Words& group : kWords)
    types[group.name] = {"{\"type\":\"string\",\"enum\":[" + quoted_list(group.words, "\"", ",") + "]}", "one of " + quoted_list(group.words, "`", ", ")};
  return types;
}
const std::map<std::string, Type> kTypes = all_types();

const std::vector<Group> kTables = {
#define TABLE(Struct, member, path, doc) \
  {                                      \
    path, doc, {
#define KEY(member, key, Type, dflt, doc) {key, #Type, fallback_of(#dflt), doc},
#define END_TABLE(Struct) \
  }                       \
  }                       \
  ,
#include "schema/language.def"
};
const std::vector<Group> kRows = {
#define ROWS(Struct, member, path, doc) \
  {                                     \
    path, doc, {
#define ROWKEY(member, key, Type, dflt, doc) {key, #Type, fallback_of(#dflt), doc},
#define END_ROWS(Struct) \
  }                      \
  }                      \
  ,
#include "schema/language.def"
};
const std::vector<Group> kOps = {
#define OP(Struct, key, doc) \
  {                          \
    key, doc, {
#define OPKEY(member, key, Type, dflt, doc) {key, #Type, fallback_of(#dflt), doc},
#define END_OP(Struct) \
  }                    \
  }                    \
  ,
#include "schema/language.def"
};
const std::vector<Code> kCodes = {
#define DIAGNOSTIC(name, code, cls, title, story, failing, mended) {#name, code, #cls, title, story, failing, mended},
#include "schema/diagnostics.def"
};

struct Mistake {
  const char *title, *code, *before, *failing, *mended;
};
const std::vector<Mistake> kMistakes = {
#define MISTAKE(title, code, before, failing, mended) {title, #code, before, failing, mended},
#include "schema/mistakes.def"
};

// ---- profile.schema.json -----------------------------------------------------------------------------------------------

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

/// A default as JSON. All are strings but truth values.
std::string json_default(const Key& key) { return key.type == "Bool" ? key.fallback : json_string(key.fallback); }

/// What an editor proposes where the type alone says little.
const std::map<std::string, std::string> kExamples = {
    {"Path", R"("/work")"},
    {"ProgramPath", R"("/usr/bin/python3")"},
    {"HostPath", R"("/srv/data","${HOME}/work")"},
    {"HostPaths", R"(["/srv/top","/srv/base"])"},
    {"Fragments", R"(["immure:system"])"},
    {"Variables", R"(["HOME"])"},
    {"Globs", R"(["LANG","LC_*"])"},
    {"EnvMap", R"({"PATH":"/usr/bin","LANG":"${LANG:-C.UTF-8}"})"},
    {"IdPair", R"("1000:1000")"},
    {"Mode", R"("0755","1777")"},
    {"Size", R"("64MiB","25%",65536)"},
    {"Limit", R"(1024,"2GiB","60s","unlimited")"},
    {"Duration", R"("500ms","5s","10m")"},
    {"CapabilityNames", R"(["net-bind-service"])"},
    {"FilterAction", R"("EPERM","allow","kill-process")"},
    {"Syscalls", R"(["ptrace","@mount"])"},
};

/// A key's schema: its type's with description and default. Written out in full, because editors differ in what they do beside a `$ref`.
std::string key_schema(const Key& key) {
  const std::string& type = kTypes.at(key.type).json;
  std::string result = "{\"title\":" + json_string(key.key) + ",\"description\":" + json_string(key.doc);
  if (key.has_default()) result += ",\"default\":" + json_default(key);
  if (const auto examples = kExamples.find(key.type); examples != kExamples.end()) result += ",\"examples\":[" + examples->second + "]";
  return result + "," + type.substr(1);
}

std::string properties(const Group& group) {
  std::string result;
  for (const Key& key : group.keys) result += (result.empty() ? "" : ",") + json_string(key.key) + ":" + key_schema(key);
  return result;
}

std::string op_schema(const Group& op) {
  std::string required = json_string(op.name);
  for (const Key& key : op.keys)
    if (key.required()) required += "," + json_string(key.key);
  const Key target{op.name, "Path", "REQUIRED", "the target, a path inside the sandbox"};
  return "{\"title\":" + json_string(op.name) + ",\"description\":" + json_string(op.doc) + ",\"type\":\"object\",\"properties\":{" + json_string(op.name) + ":" +
         key_schema(target) + "," + properties(op) + "},\"required\":[" + required + "],\"additionalProperties\":false}";
}

/// A list of tables, under the last part of its path.
std::string rows_schema(const Group& rows) {
  std::string required;
  for (const Key& key : rows.keys)
    if (key.required()) required += (required.empty() ? "" : ",") + json_string(key.key);
  return json_string(rows.name.substr(rows.name.find('.') + 1)) + ":{\"title\":" + json_string("[[" + rows.name + "]]") + ",\"description\":" + json_string(rows.doc) +
         ",\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{" + properties(rows) + "},\"required\":[" + required + "],\"additionalProperties\":false}}";
}

std::string table_schema(const Group& table) {
  std::string members = properties(table);
  for (const Group& rows : kRows)
    if (rows.name.rfind(table.name + ".", 0) == 0) members += "," + rows_schema(rows);
  return json_string(table.name) + ":{\"title\":" + json_string("[" + table.name + "]") + ",\"description\":" + json_string(table.doc) + ",\"type\":\"object\",\"properties\":{" +
         members + "},\"additionalProperties\":false}";
}

/// Line breaks and indentation for JSON that has none. Lists and objects without another one inside stay on one line.
std::string indented(std::string_view json) {
  std::string result;
  std::vector<bool> broken;  // of each open bracket: whether its contents stand on lines of their own
  const auto line = [&] {
    std::size_t depth = 0;
    for (const bool is_broken : broken) depth += is_broken ? 1 : 0;
    result.append("\n").append(depth * 2, ' ');
  };
  const auto flat = [&](std::size_t open) {  // nothing inside up to the closing bracket
    bool quoted = false;
    for (std::size_t i = open + 1; i < json.size(); ++i) {
      if (json[i] == '\\') ++i;
      else if (json[i] == '"') quoted = !quoted;
      else if (!quoted && (json[i] == '{' || json[i] == '[')) return false;
      else if (!quoted && (json[i] == '}' || json[i] == ']')) return i - open < 140 && json[open] == '[';
    }
    return false;
  };
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      result += c;
      if (c == '\\') result += json[++i];
      else if (c == '"') quoted = false;
      continue;
    }
    if (c == '}' || c == ']') {
      const bool was_broken = broken.back();
      broken.pop_back();
      if (was_broken) line();
    }
    result += c;
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') {
      broken.push_back(!flat(i));
      if (broken.back()) line();
    }
    if (c == ':') result += ' ';
    if (c == ',' && broken.back()) line();
    if (c == ',' && !broken.back()) result += ' ';
  }
  return result + "\n";
}

std::string schema() {
  std::string members = properties(kTables.front());
  for (std::size_t i = 1; i < kTables.size(); ++i) members += "," + table_schema(kTables[i]);
  for (const Group& rows : kRows)
    if (rows.name.find('.') == std::string::npos) members += "," + rows_schema(rows);
  std::string ops;
  for (const Group& op : kOps) ops += (ops.empty() ? "" : ",") + op_schema(op);
  return indented(
      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"immure profile\","
      "\"description\":\"What one program may see and do, version 1 of the language\",\"type\":\"object\",\"properties\":{" +
      members +
      ",\"fs\":{\"description\":\"The operations that build the filesystem, in the order in which they are written\",\"type\":\"array\","
      "\"items\":{\"description\":\"One operation; exactly one of its keys names it, and that key's value is the target\",\"oneOf\":[" +
      ops + "]}}},\"required\":[\"immure\"],\"additionalProperties\":false}");
}

// ---- diagnostics.schema.json ---------------------------------------------------------------------------------------------

/// What `immure check --format json` prints: the frame is fixed, the codes are the catalogue's. Members may be added, so further ones are allowed.
std::string diagnostics_schema() {
  std::string codes;
  for (const Code& code : kCodes) codes += (codes.empty() ? "" : ",") + json_string(code.id);
  const auto object = [](const std::string& description, const std::string& members, const std::string& required) {
    return "{\"description\":" + json_string(description) + ",\"type\":\"object\",\"properties\":{" + members + "},\"required\":[" + required + "]}";
  };
  const auto count = [](const char* name, const char* description) {
    return "\"" + std::string(name) + "\":{\"description\":\"" + description + "\",\"type\":\"integer\",\"minimum\":0}";
  };
  const auto text = [](const char* name, const char* description) { return "\"" + std::string(name) + "\":{\"description\":\"" + description + "\",\"type\":\"string\"}"; };
  const auto number = [](const char* name, const char* description) {
    return "\"" + std::string(name) + "\":{\"description\":\"" + description + "\",\"type\":\"integer\",\"minimum\":1}";
  };
  const std::string place = "{\"description\":\"A place in a file; null for what has none\",\"type\":[\"object\",\"null\"],\"properties\":{" +
                            text("file", "as it was named to the command, or beside the file that extends it") + "," + number("line", "from 1") + "," +
                            number("column", "in bytes, from 1") + "," + number("endLine", "of the first byte behind it") + "," +
                            number("endColumn", "of the first byte behind it") + "," + count("offset", "in bytes, from 0") + "," +
                            count("endOffset", "of the first byte behind it") + "},\"required\":[\"file\",\"line\",\"column\",\"endLine\",\"endColumn\",\"offset\",\"endOffset\"]}";
  const std::string here = "\"place\":{\"$ref\":\"#/$defs/place\"}";
  const auto list = [](const char* name, const std::string& items) { return "\"" + std::string(name) + "\":{\"type\":\"array\",\"items\":" + items + "}"; };
  const std::string diagnostic = object(
      "What was found",
      "\"code\":{\"description\":\"Stable: a code never changes its meaning; `immure explain CODE` tells more\",\"enum\":[" + codes +
          "]},\"severity\":{\"enum\":[\"error\",\"warning\",\"note\"]},\"class\":{\"description\":\"What follows from ignoring it\",\"enum\":[\"shape\",\"launch\",\"meaning\",\"advice\",\"remark\",\"output\"]}," +
          text("title", "the code's, the same for each of its diagnostics") + "," + text("message", "what was found") + "," + here + "," +
          list("labels", object("Another place that is involved", text("text", "its part in the matter") + "," + here, "\"text\",\"place\"")) + "," +
          list("helps", "{\"description\":\"What to do\",\"type\":\"string\"}") + "," +
          list("fixes", object("A change of the source that would mend it", text("title", "what it does") + "," + text("replacement", "what to put at the place") + "," + here,
                               "\"title\",\"replacement\",\"place\"")),
      "\"code\",\"severity\",\"class\",\"title\",\"message\",\"place\",\"labels\",\"helps\",\"fixes\"");
  return indented(
      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":\"immure diagnostics\",\"description\":\"What `immure check --format json` prints; members are only ever added\","
      "\"type\":\"object\",\"properties\":{\"version\":{\"const\":1}," +
      list("diagnostics", "{\"$ref\":\"#/$defs/diagnostic\"}") + "," + count("profiles", "how many were judged") + "," + count("fragments", "how many were judged alone") + "," +
      count("errors", "among the diagnostics") + "," + count("warnings", "among the diagnostics") + "," + count("notes", "among the diagnostics") + "," +
      count("known", "left out because the baseline has them") +
      "},\"required\":[\"version\",\"diagnostics\",\"profiles\",\"fragments\",\"errors\",\"warnings\",\"notes\",\"known\"],\"$defs\":{\"place\":" + place +
      ",\"diagnostic\":" + diagnostic + "}}");
}

// ---- docs/reference/language.md ------------------------------------------------------------------------------------------

std::string default_cell(const Key& key) {
  if (key.required()) return "required";
  if (!key.has_default()) return "";
  return key.type == "Bool" ? "`" + key.fallback + "`" : "`\"" + key.fallback + "\"`";
}

std::string key_rows(const Group& group) {
  std::string result = "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const Key& key : group.keys) result += "| `" + key.key + "` | " + kTypes.at(key.type).words + " | " + default_cell(key) + " | " + key.doc + " |\n";
  return result + "\n";
}

std::string reference() {
  std::string result =
      "# The language, version 1\n\n"
      "Generated from `schema/language.def` by the target `generate`; change that file, not this one.\n\n"
      "A profile is a TOML file. Keys that are not listed here are errors. What is written nowhere is not granted.\n\n";
  for (const Group& table : kTables) {
    result += table.name.empty() ? "## The top level\n\n" : "## `[" + table.name + "]`\n\n" + std::string(table.doc) + ".\n\n";
    result += key_rows(table);
  }
  for (const Group& rows : kRows) result += "## `[[" + rows.name + "]]`\n\n" + std::string(rows.doc) + ".\n\n" + key_rows(rows);
  result +=
      "## `[[fs]]`\n\n"
      "The operations that build the filesystem, in the order in which they run. Every entry has exactly one of the op keys below; its value is the\n"
      "target, " +
      kTypes.at("Path").words + ". `fs = [ { bind = \"/usr\" }, … ]` is the same in TOML.\n\n";
  for (const Group& op : kOps) result += "### `" + op.name + "`\n\n" + op.doc + ".\n\n" + key_rows(op);
  result += "## Words\n\n";
  for (const Words& group : kWords) {
    result += "Of " + std::string(group.doc) + ":\n\n";
    for (const Word& word : group.words) result += "- `" + std::string(word.spelling) + "`: " + word.doc + "\n";
    result += "\n";
  }
  result.pop_back();
  return result;
}

// ---- docs/reference/errors.md --------------------------------------------------------------------------------------------

/// The chapters of the index, by the two digits after the letter.
const char* chapter(std::string_view id) {
  switch (id[2]) {
    case '1': return "Reading";
    case '2': return "The shape of the language";
    case '3': return "Meaning and launch";
    case '4': return "The filter";
    case '5': return "Output";
    case '6': return "Other formats";
  }
  return "Others";
}

const char* consequence(std::string_view cls) {
  if (cls == "Shape") return "The file is not a profile of this language.";
  if (cls == "Launch") return "The launch would fail.";
  if (cls == "Meaning") return "It would launch and not do what is written.";
  if (cls == "Advice") return "Allowed, rarely meant: a warning.";
  if (cls == "Remark") return "Nothing; worth knowing: a note, which fails no check.";
  return "The input is sound, the output could not be made.";
}

std::string example(const char* heading, const char* text) { return std::strlen(text) == 0 ? "" : std::string(heading) + "\n\n```toml\n" + text + "```\n\n"; }

std::string mistakes() {
  std::string result =
      "## The ten most common mistakes\n\n"
      "Those that people make with bubblewrap's options, each with what is said of it here. From `schema/mistakes.def`.\n\n";
  for (const Mistake& mistake : kMistakes) {
    std::string code;
    for (const Code& row : kCodes)
      if (std::strcmp(row.name, mistake.code) == 0) code = std::string(row.id) + ", " + row.title;
    result += "### " + std::string(mistake.title) + "\n\nWith bubblewrap: " + mistake.before + " Here: " + code + ".\n\n" + example("A profile that shows it:", mistake.failing) +
              example("Mended:", mistake.mended);
  }
  return result;
}

std::string errors() {
  std::string result = std::string(
                           "# The error index\n\n"
                           "Generated from `schema/diagnostics.def` by the target `generate`; change that file, not this one. `immure explain CODE` prints one of these.\n"
                           "Codes never change their meaning. Every example here is run by the tests.\n\n") +
                       mistakes();
  std::map<std::string, std::string> chapters;  // in the order of the digit
  std::map<std::string, const char*> titles;
  for (const Code& code : kCodes) {
    const std::string digit(1, code.id[2]);
    titles[digit] = chapter(code.id);
    chapters[digit] += "### " + std::string(code.id) + ": " + code.title + "\n\n" + consequence(code.cls) + "\n\n" + code.story + "\n\n" +
                       example("A profile that shows it:", code.failing) + example("Mended:", code.mended);
  }
  for (const auto& [digit, text] : chapters) result += "## " + std::string(titles[digit]) + "\n\n" + text;
  result.pop_back();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 2 ? argv[1] : "";
  std::string text;
  if (what == "schema") text = schema();
  if (what == "diagnostics") text = diagnostics_schema();
  if (what == "reference") text = reference();
  if (what == "errors") text = errors();
  if (text.empty()) {
    std::fputs("usage: schema_gen schema | diagnostics | reference | errors\n", stderr);
    return 2;
  }
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
