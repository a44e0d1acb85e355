// Reading ELF structures out of bytes that nobody vouches for.
//
// The structs are <elf.h>'s. They are copied out, never pointed to, so alignment does not matter; every offset is checked before use, written
// so that no sum can wrap.
#pragma once

#include <elf.h>

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace immure::elf {

/// `count` bytes at `offset`, if they are there.
inline std::optional<std::string_view> slice(std::string_view file, std::uint64_t offset, std::uint64_t count) {
  if (offset > file.size() || count > file.size() - offset) return std::nullopt;
  return file.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
}

/// A table of `count` records at `offset`.
template <class T>
std::optional<std::vector<T>> table(std::string_view file, std::uint64_t offset, std::uint64_t count) {
  const std::optional<std::string_view> bytes = slice(file, offset, count * sizeof(T));  // count is 16 bits wide in ELF
  if (!bytes) return std::nullopt;
  std::vector<T> out(static_cast<std::size_t>(count));
  if (!out.empty()) std::memcpy(out.data(), bytes->data(), bytes->size());
  return out;
}

/// The header of a 64-bit little-endian x86-64 program with whole program headers.
inline std::optional<Elf64_Ehdr> header(std::string_view file) {
  const auto found = table<Elf64_Ehdr>(file, 0, 1);
  if (!found) return std::nullopt;
  const Elf64_Ehdr& ehdr = found->front();
  const bool ours = std::memcmp(ehdr.e_ident, ELFMAG, SELFMAG) == 0 && ehdr.e_ident[EI_CLASS] == ELFCLASS64 && ehdr.e_ident[EI_DATA] == ELFDATA2LSB && ehdr.e_type == ET_EXEC &&
                    ehdr.e_machine == EM_X86_64 && ehdr.e_phentsize == sizeof(Elf64_Phdr);
  return ours ? std::optional(ehdr) : std::nullopt;
}

template <class T>
std::string_view bytes_of(const T& record) {
  return {reinterpret_cast<const char*>(&record), sizeof record};
}

}  // namespace immure::elf
