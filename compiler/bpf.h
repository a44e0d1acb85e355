// A classic BPF program as data.
#pragma once

#include <cstdint>
#include <vector>

namespace immure {

/// struct sock_filter of linux/filter.h.
struct BpfInsn {
  std::uint16_t code = 0;
  std::uint8_t jt = 0;
  std::uint8_t jf = 0;
  std::uint32_t k = 0;
  friend bool operator==(const BpfInsn&, const BpfInsn&) = default;
};
static_assert(sizeof(BpfInsn) == 8);

using BpfProgram = std::vector<BpfInsn>;

}  // namespace immure
