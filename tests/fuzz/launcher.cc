// Any bytes as a launcher, the way of `immure inspect`: the ELF headers are walked, the image in it is found or not, verified or refused, and shown.
#include "compiler/link.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::optional<std::string_view> image = immure::find_image(bytes);
  if (!image) return 0;
  require(image->data() >= bytes.data() && image->data() + image->size() <= bytes.data() + bytes.size(), "an image that is found lies inside the file");
  fuzz::walk_image(bytes, *image);
  return 0;
}
