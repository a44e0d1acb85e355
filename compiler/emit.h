// What `immure emit` can write: a row in the table, and one function in the file emit_NAME.cc. A new format is these two, a line in docs/emit.md, and a test.
#pragma once

#include <span>
#include <string_view>

#include "compiler/session.h"

namespace immure {

struct EmitFormat {
  std::string_view name;
  std::string_view about;  // in a line, for help and completions
  bool takes_file = true;
  int (*emit)(Session&) = nullptr;  // returns the exit status
};

std::span<const EmitFormat> emit_formats();

int emit_apparmor(Session& session);
int emit_bpf(Session& session);
int emit_bwrap(Session& session);
int emit_oci(Session& session);
int emit_plan(Session& session);
int emit_schema(Session& session);

}  // namespace immure
