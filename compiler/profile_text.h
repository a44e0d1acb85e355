// A profile that a program writes: tables in the order in which people expect them, each line with its comment, what could not be carried over as a comment at its place.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/values.h"

namespace immure {

/// A basic string of TOML.
std::string toml_string(std::string_view text);
/// The same for a value that may hold launch variables: a dollar of the text is doubled.
std::string toml_string(const Template& text);
std::string toml_list(const std::vector<std::string>& items);

class ProfileText {
 public:
  explicit ProfileText(std::string head) : head_(std::move(head)) {}
  /// A line of a table, "" being the top level; a second one for the same key takes the place of the first.
  void set(const std::string& table, const std::string& key, const std::string& value, const std::string& comment = "");
  void note(const std::string& table, const std::string& text);
  /// An entry of [[fs]] or another list: `lines` are "key = value". Returns its number.
  std::size_t add(const std::string& list, std::vector<std::string> lines, const std::string& comment = "");
  std::vector<std::string>& entry(std::size_t number) { return entries_[number].lines; }
  void remove(std::size_t number) { entries_[number].lines.clear(); }
  /// A comment between the entries.
  void note_here(const std::string& text);
  /// Variables that this value uses are declared.
  std::string value(const Template& text);

  std::string text() const;

 private:
  struct Line {
    std::string key, value, comment;
  };
  struct Entry {
    std::string list;  // empty: a note
    std::vector<std::string> lines;
    std::string comment;
  };
  std::string head_;
  std::map<std::string, std::vector<Line>> tables_;
  std::vector<Entry> entries_;
  std::set<std::string> variables_;
};

}  // namespace immure
