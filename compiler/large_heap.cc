// See large_heap.h.
#include "compiler/large_heap.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

namespace immure {
namespace {

constexpr std::size_t kSmallText = 64 << 10;
constexpr std::size_t kHeapPerByte = 64;  // 48 were measured at the peak of `build`
constexpr std::uintptr_t kHugePage = 2 << 20;

}  // namespace

void expect_text(std::size_t bytes) {
  if (bytes < kSmallText) return;
  // mallopt(3): the room comes from the heap itself, large vectors too, and none of it is given back.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  const std::size_t size = bytes * kHeapPerByte;
  void* room = std::malloc(size);
  if (room == nullptr) return;
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(room);
  const std::uintptr_t aligned = (begin + kHugePage - 1) / kHugePage * kHugePage;
  if (aligned < begin + size) (void)madvise(reinterpret_cast<void*>(aligned), begin + size - aligned, MADV_HUGEPAGE);
  std::free(room);
}

}  // namespace immure
