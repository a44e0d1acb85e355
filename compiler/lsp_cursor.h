// Where the cursor is in a profile that is being written, for the answers of the language server.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/key_docs.h"
#include "compiler/source.h"

namespace immure {

/// Its views are of the file's text.
struct Cursor {
  const GroupDoc* group = nullptr;  // the table, list or op; nothing where it is unknown
  bool fs = false;                  // in an [[fs]] entry, or in a table of `fs = [{ … }]`
  bool header = false;              // on a header
  bool opens_header = false;        // on a line that may become one
  std::string_view key;             // of the line, of the list that it is in, or of its place in an inline table
  bool value = false;               // behind the `=`
  std::string_view string;          // the string that it is in, without its quotes
  std::uint32_t string_begin = 0, string_end = 0;
  bool in_string = false;
  std::uint32_t word_begin = 0, word_end = 0;
  std::string_view word;  // letters, digits and `-` around it
};

Cursor cursor_at(const SourceFile& file, std::uint32_t offset);

}  // namespace immure
