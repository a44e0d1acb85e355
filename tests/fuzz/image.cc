// Any bytes as a plan image: the launcher's own reader refuses them or everything that it then allows can be walked.
//
// The checksum would keep a fuzzer out, as it is meant to keep accidents out. So after the bytes as they are, they are tried once more with magic, version,
// size and checksum put right: what an attacker would do first.
#include <algorithm>
#include <vector>

#include "schema/image_reader.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/walk.h"

namespace {

void mend(std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < sizeof(wire::Image)) return;
  wire::Image& image = *reinterpret_cast<wire::Image*>(bytes.data());
  std::copy(std::begin(wire::kMagic), std::end(wire::kMagic), std::begin(image.magic));
  image.version.set(wire::kVersion);
  image.size.set(static_cast<std::uint32_t>(bytes.size()));
  image.checksum.set(wire::checksum(bytes.data() + wire::kChecksumStart, bytes.size() - wire::kChecksumStart));
}

std::string_view text_of(const std::vector<std::uint8_t>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> bytes(data, data + size);
  fuzz::walk_image(text_of(bytes), text_of(bytes));
  mend(bytes);
  fuzz::walk_image(text_of(bytes), text_of(bytes));
  return 0;
}
