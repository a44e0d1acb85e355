// Little-endian integers made of bytes.
//
// The plan image is written by one program and read in place by another. Structs that are exactly the bytes need members
// without alignment and without host byte order; these are they. A plain struct of them has no padding, so `sizeof` is
// the size on the wire and a pointer into the image may have any alignment. Compilers turn get() into a single load.
//
// Freestanding: used hosted by the compiler and without a libc by the launcher.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wire {

template <class T>
struct Le {
  unsigned char bytes[sizeof(T)];

  constexpr T get() const {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
    return value;
  }
  constexpr void set(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
  }
};

using le16 = Le<std::uint16_t>;
using le32 = Le<std::uint32_t>;
using le64 = Le<std::uint64_t>;

static_assert(sizeof(le16) == 2 && sizeof(le32) == 4 && sizeof(le64) == 8);
static_assert(alignof(le16) == 1 && alignof(le32) == 1 && alignof(le64) == 1);

}  // namespace wire
