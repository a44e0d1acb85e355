// The layout is the System V ABI's (x86-64 supplement 3.4.1); the auxiliary vector's keys are getauxval(3)'s. Ids come from there without a system call.
#include "initrt/startup.h"

#include <linux/elf.h>

#include "initrt/text.h"
#include "initrt/uapi.h"

// The linker script's name for the first byte of .immure.
extern "C" const unsigned char immure_plan[];

namespace initrt {
namespace {

/// The plan is the PT_LOAD that starts at immure_plan; its size is what `link` wrote there.
void find_image(Startup& start, const Elf64_Phdr* headers, unsigned long count) {
  for (unsigned long i = 0; i < count; ++i) {
    const Elf64_Phdr& header = headers[i];
    if (header.p_type != PT_LOAD || header.p_vaddr != reinterpret_cast<unsigned long>(immure_plan)) continue;
    start.image = immure_plan;
    start.image_size = header.p_filesz;
  }
}

}  // namespace

Startup read_startup(unsigned long* stack) {
  Startup start;
  start.argc = static_cast<int>(stack[0]);
  start.argv = reinterpret_cast<char**>(stack + 1);
  start.envp = start.argv + start.argc + 1;
  char** end = start.envp;
  while (*end != nullptr) ++end;

  const Elf64_Phdr* headers = nullptr;
  unsigned long count = 0;
  for (const unsigned long* aux = reinterpret_cast<unsigned long*>(end + 1); aux[0] != AT_NULL; aux += 2) {
    switch (aux[0]) {
      case AT_PHDR: headers = reinterpret_cast<const Elf64_Phdr*>(aux[1]); break;
      case AT_PHNUM: count = aux[1]; break;
      case AT_UID: start.uid = static_cast<unsigned>(aux[1]); break;
      case AT_EUID: start.euid = static_cast<unsigned>(aux[1]); break;
      case AT_GID: start.gid = static_cast<unsigned>(aux[1]); break;
      case AT_EGID: start.egid = static_cast<unsigned>(aux[1]); break;
      case AT_RANDOM: start.random = aux[1]; break;
      case AT_SECURE: start.secure = aux[1] != 0; break;
      default: break;
    }
  }
  if (headers != nullptr) find_image(start, headers, count);
  return start;
}

const char* environment(const Startup& start, const char* name) {
  const std::size_t size = length(name);
  for (char** entry = start.envp; *entry != nullptr; ++entry)
    if (starts_with(*entry, name) && (*entry)[size] == '=') return *entry + size + 1;
  return nullptr;
}

}  // namespace initrt
