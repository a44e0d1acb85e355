// Little-endian integers made of bytes.
//
// The plan image is written by one program and read in place by another. Structs that are exactly the bytes need members
// without alignment and without host byte order; these are they. A plain struct of them has no padding, so `sizeof` is
// the size on the wire and a pointer into the image may have any alignment. get() is a single load, also where code is made for size.
//
// Freestanding: used hosted by the compiler and without a libc by the launcher.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace wire {

template <class T>
struct Le {
  unsigned char bytes[sizeof(T)];

  constexpr T get() const { return std::bit_cast<T>(bytes); }
  constexpr void set(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
  }
};

using le16 = Le<std::uint16_t>;
using le32 = Le<std::uint32_t>;
using le64 = Le<std::uint64_t>;

static_assert(std::endian::native == std::endian::little, "get() would have to swap bytes");
static_assert(sizeof(le16) == 2 && sizeof(le32) == 4 && sizeof(le64) == 8);
static_assert(alignof(le16) == 1 && alignof(le32) == 1 && alignof(le64) == 1);

}  // namespace wire
