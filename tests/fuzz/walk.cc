// See walk.h.
#include "tests/fuzz/walk.h"

#include "compiler/decode_image.h"
#include "compiler/encode.h"
#include "compiler/inspect.h"
#include "compiler/json.h"
#include "compiler/syscalls.h"
#include "schema/image_reader.h"
#include "tests/fuzz/target.h"

namespace fuzz {

using namespace immure;

bool is_json(std::string_view text) { return Json::accept(text); }

void walk_image(std::string_view launcher, std::string_view image) {
  wire::Reader reader;
  const char* problem = wire::Reader::verify(reinterpret_cast<const unsigned char*>(image.data()), image.size(), reader);
  if (problem != nullptr) return;
  const Plan plan = decode_image(reader);
  const Inspected inspected{plan, launcher, image};
  require(!inspect_text(inspected, true, syscall_name).empty(), "what can be read can be shown");
  require(is_json(inspect_json(inspected, true, syscall_name)), "the JSON is JSON");
}

}  // namespace fuzz
