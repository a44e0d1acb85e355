// What an executable needs to be started: its `#!` line, or its ELF interpreter and libraries. Pure: bytes come from a function.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace immure {

using ReadBytes = std::function<std::string(std::uint64_t offset, std::size_t size)>;

struct Needs {
  enum class Kind { Elf, Script, Other } kind = Kind::Other;
  std::string interpreter;             // of a script, or PT_INTERP; empty: a static program, or a library
  std::vector<std::string> libraries;  // DT_NEEDED
  std::vector<std::string> search;     // DT_RUNPATH, or DT_RPATH where there is none; `$ORIGIN` as written
  bool inherits = false;               // it was DT_RPATH, which holds for its libraries too
};

Needs needs_of(const ReadBytes& read);

/// The paths that an ld.so.cache gives for one name.
std::vector<std::string> cached_libraries(const std::string& cache, const std::string& name);

}  // namespace immure
