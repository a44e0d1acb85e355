// encode, decode_image and the reader between them: what goes in comes out, and nothing that is damaged is accepted.
#include "compiler/encode.h"

#include <set>
#include <variant>

#include "compiler/decode_image.h"
#include "compiler/internal_error.h"
#include "schema/image_reader.h"
#include "tests/unit/catch.h"

using namespace immure;

namespace {

PlanText literal(const std::string& text) { return {text.empty() ? Template{} : Template{{Segment{false, text, {}}}}, false, {}}; }
PlanText with_home(const std::string& rest, bool is_path = true) { return {{{Segment{true, "HOME", {}}, Segment{false, rest, {}}}}, is_path, {0, 7}}; }

/// Every op, every field filled, templates with and without defaults.
Plan rich_plan() {
  Plan plan;
  plan.name = "rich";
  plan.files = {"rich.toml", "immure:system"};
  plan.variables = {"HOME", "LANG"};
  plan.flags = wire::kNewSession | wire::kHasFilter | wire::kPassArgs;
  plan.uid = {wire::kIdFixed, 1000};
  plan.gid = {wire::kIdOverflow, 65534};
  plan.hostname = "rich";
  plan.parent_mode = 0700;
  plan.linger_ms = 1234;
  plan.root_options = "size=1m,noswap";
  const auto add = [&](plan::AnyOp op, std::uint16_t flags) { plan.ops.push_back({std::move(op), flags, {0, static_cast<std::uint32_t>(plan.ops.size() + 1)}}); };
  add(plan::Dir{literal("/d"), 0750}, wire::kTrusted);
  add(plan::Symlink{literal("/bin"), literal("usr/bin")}, wire::kDereference);
  add(plan::File{literal("/f"), std::string("a\0b\xff", 4), 0444}, wire::kInPlace);
  add(plan::Bind{literal("/work"), with_home("/work"), 0xffff'ffff'0000'0007u}, wire::kOptional | wire::kMakeDir);
  add(plan::Device{literal("/dev/null"), literal("/dev/null"), 0x103}, wire::kTrusted | wire::kMakeFile);
  add(plan::Mount{literal("/tmp"), "tmpfs", 6, "size=64m,mode=1777"}, 0);
  add(plan::Overlay{literal("/src"), {literal("/a"), with_home("/b")}, with_home("/up"), literal(""), 7}, wire::kEphemeral);
  add(plan::Remount{literal("/"), 1}, wire::kRecursive);
  add(plan::Protect{literal("/proc/sys"), 1}, wire::kRootOnly);
  add(plan::Mask{literal("/proc/kcore")}, 0);
  add(plan::Console{literal("/dev/console")}, 0);
  add(plan::Etc{literal("/etc"), with_home("/etc"), "prefix"}, wire::kMakeDir);
  add(plan::Root{literal("/"), literal("/srv/root"), 3}, 0);
  plan.program = {literal("/usr/bin/true"), with_home("", false), {literal("-x"), literal(""), with_home("/y", false)}, {0, 3}};
  plan.cwd = with_home("/cwd");
  plan.env_inherit = {"LC_*", "TERM"};
  plan.env_set = {{"PATH", literal("/usr/bin")},
                  {"EMPTY", literal("")},
                  {"HOME", with_home("", false)},
                  {"LANG", {{{Segment{true, "LANG", "C.UTF-8"}}}, false, {0, 9}}},
                  {"BOTH", {{{Segment{false, "x", {}}, Segment{true, "LANG", ""}}}, false, {0, 9}}}};
  plan.filter = {{0x20, 0, 0, 4}, {0x15, 1, 2, 0xc000003e}, {0x06, 0, 0, 0x7fff0000}};
  plan.init_filter = {{0x06, 0, 0, 0x00050001}};
  plan.timeout_ms = 77;
  plan.cancel_kind = wire::kCancelInterrupt;
  plan.cancel_wait_ms = 78;
  plan.status_fd = 9;
  plan.pass_fds = {3, 5};
  plan.pass_dir_fds = {7};
  plan.run_uid = 12;
  plan.run_gid = 13;
  plan.cgroup_path = with_home("/cgroup");
  plan.cgroup_fd = 8;
  plan.cgroup_origin = {1, 4};
  plan.daemons = {{{literal("/d"), literal("d"), {with_home("/z", false)}, {0, 5}}, with_home("/ready"), 79}};
  plan.landlock_paths = {{with_home("/l"), 0x1ff, {0, 6}}};
  plan.landlock_ports = {{8080, 2, {1, 7}}};
  plan.keep_capabilities = std::uint64_t{1} << 40 | 1;
  plan.limits = {{7, ~std::uint64_t{0}, {0, 8}}};
  plan.landlock_scopes = 3;
  return plan;
}

Plan small_plan() {
  Plan plan;
  plan.name = "s";
  plan.files = {"s.toml"};
  plan.variables = {"V"};
  plan.program = {literal("/p"), literal("p"), {}, {0, 1}};
  plan.cwd = literal("/");
  plan.ops.push_back({plan::Dir{{{{Segment{true, "V", "/x"}}}, true, {0, 2}}, 0755}, wire::kTrusted, {0, 2}});
  plan.filter = {{0x06, 0, 0, 0}};
  return plan;
}

std::string encoded(const Plan& plan) {
  Diagnostics diags;
  std::string image = encode(plan, diags);
  REQUIRE(diags.errors() == 0);
  return image;
}

/// A copy of exactly its size, so that the sanitizers see a read behind it.
const char* verify(const std::string& image) {
  const std::vector<unsigned char> bytes(image.begin(), image.end());
  wire::Reader reader;
  return wire::Reader::verify(bytes.data(), bytes.size(), reader);
}

/// An image that was changed on purpose, its checksum put right.
struct Forged {
  std::string bytes = encoded(small_plan());
  wire::Image& image() { return *reinterpret_cast<wire::Image*>(bytes.data()); }
  template <class T>
  T& at(const wire::le32& offset) {
    return *reinterpret_cast<T*>(bytes.data() + offset.get());
  }
  wire::OpHead& op() { return at<wire::OpHead>(image().ops.off); }
  bool refused() {
    const unsigned char* data = reinterpret_cast<const unsigned char*>(bytes.data());
    image().checksum.set(wire::checksum(data + wire::kChecksumStart, bytes.size() - wire::kChecksumStart));
    return verify(bytes) != nullptr;
  }
};

}  // namespace

TEST_CASE("encode: every field of every op comes back") {
  const Plan plan = rich_plan();
  const std::string image = encoded(plan);
  wire::Reader reader;
  REQUIRE(wire::Reader::verify(reinterpret_cast<const unsigned char*>(image.data()), image.size(), reader) == nullptr);
  const Plan back = decode_image(reader);
  for (std::size_t i = 0; i < plan.ops.size(); ++i) CHECK(back.ops.at(i) == plan.ops[i]);
  CHECK(back.env_set == plan.env_set);
  CHECK(back == plan);
}

TEST_CASE("encode: every op of the format is in the test above") {
  const Plan plan = rich_plan();
  std::set<std::size_t> seen;
  for (const PlanOp& op : plan.ops) seen.insert(op.op.index());
  CHECK(seen.size() == std::variant_size_v<plan::AnyOp> - 1);
}

TEST_CASE("encode: equal plans give equal bytes, and strings are stored once") {
  CHECK(encoded(rich_plan()) == encoded(rich_plan()));
  Plan plan = small_plan();
  plan.filter.clear();  // its alignment would blur the count
  const std::size_t before = encoded(plan).size();
  plan.ops.push_back(plan.ops[0]);
  CHECK(encoded(plan).size() == before + sizeof(wire::OpHead) + sizeof(wire::Dir));
}

TEST_CASE("encode: a plan beyond the limits is a diagnostic") {
  Plan plan = small_plan();
  Diagnostics diags;
  SECTION("too many bytes") { plan.ops.push_back({plan::File{literal("/f"), std::string(wire::kMaxImage, 'x'), 0444}, 0, {}}); }
  SECTION("too many ops") { plan.ops.resize(wire::kMaxOps + 1, plan.ops[0]); }
  SECTION("too many arguments") { plan.program.args.resize(wire::kMaxList + 1); }
  SECTION("too long a filter") { plan.filter.resize(wire::kMaxFilter + 1); }
  CHECK(encode(plan, diags).empty());
  REQUIRE(diags.errors() == 1);
  CHECK(diags.sorted()[0].code == Code::PlanTooLarge);
}

TEST_CASE("encode: a plan that is small because its files are the same ends where reading it would be endless") {
  Plan plan = small_plan();
  Diagnostics diags;
  const std::string large(wire::kMaxImage - (1u << 20), 'x');
  for (std::uint64_t work = 0; work <= wire::kMaxReading; work += large.size()) plan.ops.push_back({plan::File{literal("/f"), large, 0444}, 0, {}});
  CHECK(encode(plan, diags).empty());
  REQUIRE(diags.errors() == 1);
  CHECK(diags.sorted()[0].message.find("more than 1 GiB") != std::string::npos);
  plan.ops.resize(plan.ops.size() - 2);
  CHECK(!encode(plan, diags).empty());
}

TEST_CASE("encode: what breaks an earlier pass's promise is an internal error") {
  Plan plan = small_plan();
  Diagnostics diags;
  SECTION("a NUL in a path") { plan.program.path = literal(std::string("/a\0b", 4)); }
  SECTION("a variable that is not listed") { plan.cwd = with_home("/x"); }
  SECTION("an origin in no file") { plan.program.origin.file = 9; }
  SECTION("an unknown op flag") { plan.ops[0].flags = 0x8000; }
  SECTION("an empty op") { plan.ops[0].op = std::monostate{}; }
  SECTION("no file") { plan.files.clear(); }
  CHECK_THROWS_AS(encode(plan, diags), InternalError);
}

TEST_CASE("image: every truncation is refused") {
  const std::string image = encoded(small_plan());
  for (std::size_t size = 0; size < image.size(); ++size) CHECK(verify(image.substr(0, size)) != nullptr);
  CHECK(verify(image) == nullptr);
  CHECK(verify(image + std::string(100, '\0')) == nullptr);  // a mapped page is longer than the image
}

TEST_CASE("image: every flipped bit is refused") {
  std::string image = encoded(small_plan());
  for (std::size_t bit = 0; bit < image.size() * 8; ++bit) {
    const char mask = static_cast<char>(1 << (bit % 8));
    image[bit / 8] ^= mask;
    if (verify(image) == nullptr) FAIL("bit " << bit);
    image[bit / 8] ^= mask;
  }
  SUCCEED();
}

TEST_CASE("image: one whose records share what they refer to, so that reading it would take hours, is refused soon") {
  // 3,000 templates, each of the same 3,000 segments, each of the same string of a megabyte: 10^13 bytes in an image of 1 MB. Lists of data and of plain texts likewise.
  const auto forged = [](std::uint32_t string_size, std::uint32_t segment_count, std::uint32_t template_count) {
    Forged f;
    const auto add = [&](const auto& record, std::uint32_t count) {
      const std::size_t at = f.bytes.size();
      for (std::uint32_t i = 0; i < count; ++i) f.bytes.append(reinterpret_cast<const char*>(&record), sizeof record);
      wire::List list;
      list.off.set(static_cast<std::uint32_t>(at));
      list.count.set(count);
      return list;
    };
    wire::Segment segment = f.at<wire::Segment>(f.at<wire::Template>(f.image().templates.off).segments.off);
    segment.variable.set(wire::kLiteral);
    segment.text.off.set(static_cast<std::uint32_t>(f.bytes.size()));
    segment.text.len.set(string_size);
    f.bytes += std::string(string_size, 'x') + std::string(8 - string_size % 8, '\0');
    wire::Template text = f.at<wire::Template>(f.image().templates.off);
    text.segments = add(segment, segment_count);
    f.image().templates = add(text, template_count);
    f.image().size.set(static_cast<std::uint32_t>(f.bytes.size()));
    REQUIRE(f.refused() ==
            (std::uint64_t{string_size} * segment_count * template_count > wire::kMaxReading || std::uint64_t{segment_count} * template_count * 64 > wire::kMaxReading));
    return f.refused() ? std::string(verify(f.bytes)) : "";
  };
  CHECK(forged(100, 10, 10).empty());
  CHECK(forged(1u << 20, 3'000, 3'000) == wire::Reader::kOverlaps);
  CHECK(forged(0, 100'000, 100'000) == wire::Reader::kOverlaps);
  CHECK(forged(1u << 20, 1'025, 1) == wire::Reader::kOverlaps);
}

TEST_CASE("image: a forged one with a right checksum is refused") {
  Forged f;
  REQUIRE_FALSE(f.refused());
  const auto end = static_cast<std::uint32_t>(f.bytes.size());
  SECTION("version") { f.image().version.set(wire::kVersion + 1); }
  SECTION("magic") { f.image().magic[0] ^= 1; }
  SECTION("size beyond the bytes") { f.image().size.set(end + 1); }
  SECTION("size below the header") { f.image().size.set(sizeof(wire::Image) - 1); }
  SECTION("string outside") { f.image().name.off.set(end); }
  SECTION("string that wraps") { f.image().name.off.set(0xffff'ffff); }
  SECTION("length that wraps") { f.image().name.len.set(0xffff'fffe); }
  SECTION("string without its NUL") { f.image().name.len.set(0); }
  SECTION("string with a NUL inside") { f.image().name.len.set(f.image().name.len.get() + 1); }
  SECTION("list outside") { f.image().ops.off.set(end - 4); }
  SECTION("count that overflows") { f.image().ops.count.set(0x1000'0000); }
  SECTION("more ops than allowed") { f.image().ops.count.set(wire::kMaxOps + 1); }
  SECTION("more of a list than allowed") { f.image().env_inherit.count.set(wire::kMaxList + 1); }
  SECTION("no file") { f.image().files.count.set(0); }
  SECTION("unknown image flag") { f.image().flags.set(0x8000'0000); }
  SECTION("unknown kind of id") { f.image().uid_kind.set(3); }
  SECTION("unknown op") { f.op().kind.set(0x7777); }
  SECTION("op 0") { f.op().kind.set(0); }
  SECTION("unknown op flag") { f.op().flags.set(wire::kAllOpFlags + 1); }
  SECTION("op body outside") { f.op().body.set(end - 4); }
  SECTION("op of no file") { f.op().origin.file.set(1); }
  SECTION("template that is not there") { f.at<wire::Dir>(f.op().body).path.off.set(1); }
  SECTION("template with another truth value") { f.at<wire::Template>(f.image().templates.off).is_path.set(2); }
  SECTION("variable that is not there") { f.at<wire::Segment>(f.at<wire::Template>(f.image().templates.off).segments.off).variable.set(1); }
  SECTION("default that is neither there nor not") { f.at<wire::Segment>(f.at<wire::Template>(f.image().templates.off).segments.off).has_default.set(2); }
  SECTION("filter outside") { f.image().filter.off.set(end); }
  SECTION("filter too long") { f.image().filter.count.set(wire::kMaxFilter + 1); }
  SECTION("program outside") { f.image().program.path.off.set(end); }
  SECTION("program of no file") { f.image().program.origin.file.set(5); }
  CHECK(f.refused());
}
