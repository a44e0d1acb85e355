// See elf_needs.h. Only 64-bit little-endian ELF; anything else needs nothing that is known here.
#include "compiler/elf_needs.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace immure {
namespace {

constexpr std::size_t kMaxStrings = std::size_t{16} << 20;

template <class T>
std::optional<T> at(const std::string& bytes, std::size_t offset) {
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data() + offset, sizeof out);
  return out;
}

std::string text_at(const std::string& bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return "";
  return bytes.substr(offset, bytes.find('\0', offset) - offset);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t colon = std::min(list.find(':', from), list.size());
    if (colon != from) out.push_back(list.substr(from, colon - from));
    from = colon + 1;
  }
  return out;
}

Needs script(const std::string& head) {
  Needs out;
  out.kind = Needs::Kind::Script;
  const std::size_t begin = head.find_first_not_of(" \t", 2);
  const std::size_t end = std::min(head.find_first_of(" \t\n", begin), head.size());
  if (begin != std::string::npos && begin < end) out.interpreter = head.substr(begin, end - begin);
  return out;
}

std::optional<std::uint64_t> file_offset(const std::vector<Elf64_Phdr>& headers, std::uint64_t address) {
  for (const Elf64_Phdr& header : headers)
    if (header.p_type == PT_LOAD && address >= header.p_vaddr && address - header.p_vaddr < header.p_filesz) return header.p_offset + (address - header.p_vaddr);
  return std::nullopt;
}

void read_dynamic(const ReadBytes& read, const std::vector<Elf64_Phdr>& headers, const Elf64_Phdr& dynamic, Needs& out) {
  const std::string bytes = read(dynamic.p_offset, static_cast<std::size_t>(std::min<std::uint64_t>(dynamic.p_filesz, 1 << 16)));
  std::vector<std::uint64_t> needed;
  std::optional<std::uint64_t> strings, size, rpath, runpath;
  for (std::size_t offset = 0; const auto entry = at<Elf64_Dyn>(bytes, offset); offset += sizeof(Elf64_Dyn)) {
    if (entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_NEEDED) needed.push_back(entry->d_un.d_val);
    if (entry->d_tag == DT_STRTAB) strings = entry->d_un.d_ptr;
    if (entry->d_tag == DT_STRSZ) size = entry->d_un.d_val;
    if (entry->d_tag == DT_RPATH) rpath = entry->d_un.d_val;
    if (entry->d_tag == DT_RUNPATH) runpath = entry->d_un.d_val;
  }
  const std::optional<std::uint64_t> place = strings ? file_offset(headers, *strings) : std::nullopt;
  if (!place || !size) return;
  const std::string table = read(*place, static_cast<std::size_t>(std::min<std::uint64_t>(*size, kMaxStrings)));
  for (const std::uint64_t offset : needed) out.libraries.push_back(text_at(table, offset));
  out.inherits = rpath && !runpath;
  if (const auto& list = runpath ? runpath : rpath) out.search = split(text_at(table, *list));
}

}  // namespace

Needs needs_of(const ReadBytes& read) {
  const std::string head = read(0, 4096);
  if (head.starts_with("#!")) return script(head.substr(0, 256));
  Needs out;
  const auto elf = at<Elf64_Ehdr>(head, 0);
  if (!elf || std::memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0 || elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_ident[EI_DATA] != ELFDATA2LSB) return out;
  out.kind = Needs::Kind::Elf;
  if (elf->e_phentsize != sizeof(Elf64_Phdr)) return out;
  const std::string raw = read(elf->e_phoff, std::size_t{elf->e_phnum} * sizeof(Elf64_Phdr));
  std::vector<Elf64_Phdr> headers;
  for (std::size_t i = 0; const auto header = at<Elf64_Phdr>(raw, i * sizeof(Elf64_Phdr)); ++i) headers.push_back(*header);
  for (const Elf64_Phdr& header : headers) {
    if (header.p_type == PT_INTERP) out.interpreter = text_at(read(header.p_offset, static_cast<std::size_t>(std::min<std::uint64_t>(header.p_filesz, 4096))), 0);
    if (header.p_type == PT_DYNAMIC) read_dynamic(read, headers, header, out);
  }
  return out;
}

std::vector<std::string> cached_libraries(const std::string& cache, const std::string& name) {
  // struct cache_file_new of glibc: magic and version, the number of entries, sizes; then entries of 24 bytes, then strings. Offsets count from the magic.
  constexpr char kMagic[] = "glibc-ld.so.cache1.1";
  constexpr std::size_t kHeader = 48, kEntry = 24;
  std::vector<std::string> out;
  const std::size_t start = cache.find(kMagic);
  if (start == std::string::npos) return out;
  const std::string file = cache.substr(start);
  const std::uint32_t count = at<std::uint32_t>(file, 20).value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto key = at<std::uint32_t>(file, kHeader + i * kEntry + 4), value = at<std::uint32_t>(file, kHeader + i * kEntry + 8);
    if (!key || !value) break;
    if (file.compare(std::min<std::size_t>(*key, file.size()), name.size() + 1, name.c_str(), name.size() + 1) == 0) out.push_back(text_at(file, *value));
  }
  return out;
}

}  // namespace immure
