// getdents64(2), into a buffer on the stack.
#include "initrt/directory.h"

#include "initrt/report.h"
#include "initrt/text.h"

namespace initrt {
namespace {

/// struct linux_dirent64.
struct Entry {
  unsigned long inode;
  long offset;
  unsigned short size;
  unsigned char type;
  char name[1];
};

}  // namespace

void for_each_entry(const Context& ctx, int fd, void* argument, void (*see)(void* argument, const char* name)) {
  alignas(8) char buffer[4096];
  for (;;) {
    const int size = must(ctx, sys::getdents(fd, buffer, sizeof buffer), "list the directory");
    if (size == 0) return;
    for (int at = 0; at < size;) {
      const Entry* entry = reinterpret_cast<const Entry*>(buffer + at);
      if (!equal(entry->name, ".") && !equal(entry->name, "..")) see(argument, entry->name);
      at += entry->size;
    }
  }
}

}  // namespace initrt
