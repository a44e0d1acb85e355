// Runs in init, inside the finished view, so that it looks for what the program would have found.
#include "initrt/exec_error.h"

#include <linux/elf.h>

#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

constexpr std::size_t kHead = 4096;  // `#!` and the name after it, or an ELF header, its program headers and, in practice, PT_INTERP

/// The interpreter after `#!`, in place.
const char* script_interpreter(char* head) {
  char* begin = head + 2;
  while (*begin == ' ' || *begin == '\t') ++begin;
  char* end = begin;
  while (*end != 0 && *end != ' ' && *end != '\t' && *end != '\n') ++end;
  *end = 0;
  return begin;
}

/// The PT_INTERP string of an ELF file whose first bytes are in `head`, or nullptr.
const char* elf_loader(const char* head, std::size_t size) {
  const Elf64_Ehdr* elf = reinterpret_cast<const Elf64_Ehdr*>(head);
  if (size < sizeof *elf || elf->e_phentsize != sizeof(Elf64_Phdr)) return nullptr;
  for (unsigned i = 0; i < elf->e_phnum; ++i) {
    const std::size_t at = elf->e_phoff + i * sizeof(Elf64_Phdr);
    if (at > size || size - at < sizeof(Elf64_Phdr)) return nullptr;
    const Elf64_Phdr* header = reinterpret_cast<const Elf64_Phdr*>(head + at);
    if (header->p_type == PT_INTERP && header->p_offset < size) return head + header->p_offset;  // the buffer ends with a NUL
  }
  return nullptr;
}

}  // namespace

void report_exec_error(const Context& ctx, const char* path, int error) {
  if (error == ENOTDIR) die_with(ctx, kExitNotFound, "cannot execute", path, error, "a part of the path is no directory inside the sandbox");
  if (error == EACCES) die_with(ctx, kExitNotExecutable, "cannot execute", path, error, "it, or its interpreter, lacks the execute permission, or lies on a mount without it");
  if (error != ENOENT) die_with(ctx, kExitNotExecutable, "cannot execute", path, error, nullptr);

  alignas(8) char head[kHead + 1];
  const Result fd = sys::openat(kHere, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd.failed()) die_with(ctx, kExitNotFound, "cannot find the program", path, error, "`immure view` shows what the sandbox holds");
  const Result size = sys::read(fd.value(), head, kHead);
  head[size.failed() ? 0 : size.raw] = 0;
  if (starts_with(head, "#!")) die_with(ctx, kExitNotFound, "the program is there, but its `#!` interpreter is not:", script_interpreter(head), error, "bind it into the sandbox");
  const char* loader = starts_with(head, "\177ELF") ? elf_loader(head, static_cast<std::size_t>(size.raw)) : nullptr;
  if (loader != nullptr)
    die_with(ctx, kExitNotFound, "the program is there, but its loader is not:", loader, error,
             "bind it into the sandbox, or extend `immure:system`, which makes the links /lib and /lib64");
  die_with(ctx, kExitNotFound, "cannot execute", path, error, nullptr);
}

}  // namespace initrt
