// Any plan, also one that no profile leads to: what is encoded, the reader accepts and decode gives back, equal in every field.
//
// The bytes are choices: each number and string of the plan is taken from them, in order. So the fuzzer changes a plan and not its encoding.
#include <algorithm>
#include <string>

#include "compiler/decode_image.h"
#include "compiler/encode.h"
#include "schema/image_reader.h"
#include "tests/fuzz/target.h"

namespace {

using namespace immure;

class Chooser {
 public:
  Chooser(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  Plan plan() {
    Plan out;
    out.name = text();
    out.files = {text(), "b.toml"};
    out.variables = {"HOME", "LANG"};
    out.flags = number() & wire::kAllImageFlags;
    out.uid = id();
    out.gid = id();
    out.hostname = text();
    out.parent_mode = number();
    out.linger_ms = number();
    out.timeout_ms = number();
    out.cancel_kind = static_cast<wire::CancelKind>(below(wire::kCancelInterrupt + 1));
    out.cancel_wait_ms = number();
    out.status_fd = number();
    repeat([&] { out.pass_fds.push_back(number()); });
    repeat([&] { out.pass_dir_fds.push_back(number()); });
    out.run_uid = number();
    out.run_gid = number();
    out.cgroup_path = Text();
    out.cgroup_fd = number();
    out.cgroup_origin = origin();
    out.root_options = text();
    repeat([&] { out.ops.push_back(op()); });
    repeat([&] { out.daemons.push_back({exec(), Text(), number()}); });
    out.program = exec();
    out.cwd = Text();
    out.cwd.origin = origin();
    repeat([&] { out.env_inherit.push_back(text()); });
    repeat([&] { out.env_set.emplace_back(text(), Text()); });
    out.filter = filter();
    out.init_filter = filter();
    out.landlock_scopes = number();
    repeat([&] { out.landlock_paths.push_back({Text(), wide(), origin()}); });
    repeat([&] { out.landlock_ports.push_back({wide(), wide(), origin()}); });
    out.keep_capabilities = wide();
    repeat([&] { out.limits.push_back({number(), wide(), origin()}); });
    return out;
  }

 private:
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint32_t below(std::uint32_t limit) { return byte() % limit; }
  std::uint32_t number() {
    std::uint32_t out = 0;
    for (int i = 0; i < 4; ++i) out = out << 8 | byte();
    return out;
  }
  std::uint64_t wide() { return std::uint64_t{number()} << 32 | number(); }
  template <class Do>
  void repeat(Do once) {
    for (std::uint32_t count = below(5); count != 0; --count) once();
  }
  /// Without a NUL, which no pass lets through.
  std::string text() {
    std::string out;
    for (std::uint32_t length = below(9); length != 0; --length) out.push_back(static_cast<char>(std::max<std::uint8_t>(byte(), 1)));
    return out;
  }

  PlanOrigin origin() { return {below(2), number()}; }
  PlanId id() {
    const std::uint32_t kind = below(wire::kIdFixed + 1);
    return {static_cast<wire::IdKind>(kind), number()};
  }
  PlanText Text() {
    PlanText out;
    // As the decoder of profiles makes them: no empty literal, and no two in a row.
    repeat([&] {
      Segment segment = this->segment();
      std::vector<Segment>& all = out.text.segments;
      const bool mergeable = !segment.variable && (segment.text.empty() || (!all.empty() && !all.back().variable));
      if (!mergeable) all.push_back(std::move(segment));
    });
    out.is_path = below(2) != 0;
    out.origin = origin();
    return out;
  }
  Segment segment() {
    if (below(2) == 0) return {false, text(), std::nullopt};
    Segment out{true, below(2) == 0 ? "HOME" : "LANG", std::nullopt};
    if (below(2) == 0) out.fallback = text();
    return out;
  }
  std::string Ref() { return text(); }
  std::string Data() {
    std::string out;
    for (std::uint32_t length = below(9); length != 0; --length) out.push_back(static_cast<char>(byte()));
    return out;
  }
  std::uint32_t U32() { return number(); }
  std::uint64_t U64() { return wide(); }
  std::vector<PlanText> Texts() {
    std::vector<PlanText> out;
    repeat([&] { out.push_back(Text()); });
    return out;
  }
  PlanExec exec() {
    PlanExec out;
    out.path = Text();
    out.argv0 = Text();
    out.args = Texts();
    out.origin = origin();
    return out;
  }
  BpfProgram filter() {
    BpfProgram out;
    repeat([&] {
      const std::uint64_t bits = wide();
      out.push_back({static_cast<std::uint16_t>(bits), static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint32_t>(bits >> 32)});
    });
    return out;
  }

  plan::AnyOp any() {
    static constexpr std::uint32_t kKinds = std::variant_size_v<plan::AnyOp> - 1;
    std::uint32_t kind = below(kKinds);
#define OP(Name, id, doc) \
  if (kind-- == 0) {      \
    plan::Name op;
#define FIELD(Type, name, doc) op.name = Type();
#define END_OP(Name) \
  return op;         \
  }
#include "schema/ops.def"
    return std::monostate{};
  }
  PlanOp op() {
    PlanOp out;
    out.op = any();
    out.flags = static_cast<std::uint16_t>(number() & wire::kAllOpFlags);
    out.origin = origin();
    return out;
  }

  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Plan plan = Chooser(data, size).plan();
  Diagnostics diags;
  const std::string image = encode(plan, diags);
  require(!image.empty(), "a small plan can be encoded");
  wire::Reader reader;
  require(wire::Reader::verify(reinterpret_cast<const unsigned char*>(image.data()), image.size(), reader) == nullptr, "the reader accepts what is encoded");
  const Plan back = decode_image(reader);
  require(back == plan, "what is decoded is what was encoded");
  require(encode(back, diags) == image, "equal plans give equal bytes");
  return 0;
}
