// Memory in huge pages, for profiles of thousands of entries.
//
// Fresh memory is dear: a page fault costs a virtual machine several microseconds, and a profile of 10,000 entries took 6,000 of them, two thirds of its time.
// A small profile gains nothing, and one whose text is found in a directory is judged beside others, which share the memory.
#pragma once

#include <cstddef>

namespace immure {

/// Makes the heap ready for what compiling a text of so many bytes takes; nothing for a small one. Best effort: where the kernel gives no huge pages, the heap is as before.
/// For a process that ends when it is done: memory that is freed stays with it.
void expect_text(std::size_t bytes);

}  // namespace immure
