// See profile_text.h.
#include "compiler/profile_text.h"

#include <algorithm>
#include <cstdio>

namespace immure {
namespace {

constexpr const char* kTables[] = {"", "launch", "program", "env", "user", "namespaces", "root", "process", "capabilities", "limits", "cgroup", "landlock", "seccomp"};

std::string comment_of(const std::string& text) {
  std::string out = "# ";
  for (const char c : text) out += c == '\n' ? std::string("\n# ") : std::string(1, c);
  return out + '\n';
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04X", byte);
    if (c == '"' || c == '\\') out += std::string("\\") + c;
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else out += byte < 0x20 || byte == 0x7f ? std::string(escape) : std::string(1, c);
  }
  return out + '"';
}

std::string toml_string(const Template& text) {
  std::string out;
  for (const Segment& segment : text.segments) {
    if (segment.variable) out += "${" + segment.text + (segment.fallback ? ":-" + *segment.fallback : "") + '}';
    else
      for (const char c : segment.text) out += c == '$' ? std::string("$$") : std::string(1, c);
  }
  return toml_string(out);
}

std::string toml_list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return '[' + out + ']';
}

void ProfileText::set(const std::string& table, const std::string& key, const std::string& value, const std::string& comment) {
  std::vector<Line>& lines = tables_[table];
  std::erase_if(lines, [&](const Line& line) { return !line.key.empty() && line.key == key; });
  lines.push_back({key, value, comment});
}

void ProfileText::note(const std::string& table, const std::string& text) { tables_[table].push_back({"", "", text}); }

std::size_t ProfileText::add(const std::string& list, std::vector<std::string> lines, const std::string& comment) {
  entries_.push_back({list, std::move(lines), comment});
  return entries_.size() - 1;
}

void ProfileText::note_here(const std::string& text) { entries_.push_back({"", {}, text}); }

std::string ProfileText::value(const Template& text) {
  for (const Segment& segment : text.segments)
    if (segment.variable) variables_.insert(segment.text);
  return toml_string(text);
}

std::string ProfileText::text() const {
  std::string out = comment_of(head_) + "immure = 1\n";
  for (const char* name : kTables) {
    const bool launch = std::string_view(name) == "launch" && !variables_.empty();
    const auto table = tables_.find(name);
    if (table == tables_.end() && !launch) continue;
    if (*name != '\0') out += std::string("\n[") + name + "]\n";
    if (launch) {
      std::vector<std::string> names;
      for (const std::string& variable : variables_) names.push_back(toml_string(variable));
      out += "variables = " + toml_list(names) + "  # bound when the launcher starts\n";
    }
    if (table == tables_.end()) continue;
    for (const Line& line : table->second)
      out += line.key.empty() ? comment_of(line.comment) : line.key + " = " + line.value + (line.comment.empty() ? "" : "  # " + line.comment) + '\n';
  }
  for (const Entry& entry : entries_) {
    if (entry.list.empty()) out += '\n' + comment_of(entry.comment);
    if (entry.lines.empty()) continue;
    out += "\n[[" + entry.list + "]]";
    if (!entry.comment.empty()) out += "  # " + entry.comment;
    out += '\n';
    for (const std::string& line : entry.lines) out += line + '\n';
  }
  return out;
}

}  // namespace immure
