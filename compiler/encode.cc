// Plan -> image.
//
// The image grows at its end: what a record refers to is appended first, then the record. Strings and templates are stored once however often
// they are used. Nothing here depends on addresses or on the order of a hash table (the maps are only asked, never walked), so equal plans give
// equal bytes. The op bodies are written by the rows of ops.def, one put_TYPE per field type: an op that is added there is encoded without
// a change here.
//
// The result is read back by the launcher's own reader before anybody sees it.
#include "compiler/encode.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "compiler/internal_error.h"
#include "schema/image_reader.h"

namespace immure {
namespace {

template <class L>
L le(std::uint64_t value) {
  L out{};
  if constexpr (sizeof(L) == sizeof(wire::le64)) {
    out.set(value);
  } else if constexpr (sizeof(L) == sizeof(wire::le32)) {
    out.set(static_cast<std::uint32_t>(value));
  } else {
    out.set(static_cast<std::uint16_t>(value));
  }
  return out;
}
wire::le32 le32(std::uint64_t value) { return le<wire::le32>(value); }

/// Thrown inside this file only: the way out of the recursion when a limit is met.
struct TooLarge {
  std::string what;
};

class Encoder {
 public:
  explicit Encoder(const Plan& plan) : plan_(plan) {}

  std::string run() {
    out_.resize(sizeof(wire::Image));
    wire::Image image{};
    std::copy(std::begin(wire::kMagic), std::end(wire::kMagic), image.magic);
    image.version = le32(wire::kVersion);
    image.name = put_Ref(plan_.name);
    image.files = put_refs(plan_.files);
    image.variables = put_refs(plan_.variables);
    image.flags = le32(plan_.flags);
    image.uid_kind = le32(plan_.uid.kind);
    image.uid = le32(plan_.uid.number);
    image.gid_kind = le32(plan_.gid.kind);
    image.gid = le32(plan_.gid.number);
    image.hostname = put_Ref(plan_.hostname);
    image.parent_mode = le32(plan_.parent_mode);
    image.linger_ms = le32(plan_.linger_ms);
    image.timeout_ms = le32(plan_.timeout_ms);
    image.cancel_kind = le32(plan_.cancel_kind);
    image.cancel_wait_ms = le32(plan_.cancel_wait_ms);
    image.status_fd = le32(plan_.status_fd);
    image.pass_fds = put_numbers(plan_.pass_fds);
    image.pass_dir_fds = put_numbers(plan_.pass_dir_fds);
    image.run_uid = le32(plan_.run_uid);
    image.run_gid = le32(plan_.run_gid);
    image.cgroup_path = put_Text(plan_.cgroup_path);
    image.cgroup_fd = le32(plan_.cgroup_fd);
    image.cgroup_origin = put_origin(plan_.cgroup_origin);
    image.root_options = put_Ref(plan_.root_options);
    image.ops = put_ops(plan_.ops);
    image.daemons = put_daemons(plan_.daemons);
    image.program = put_exec(plan_.program);
    image.cwd = put_Text(plan_.cwd);
    image.cwd_origin = put_origin(plan_.cwd.origin);
    image.env_inherit = put_refs(plan_.env_inherit);
    image.env_set = put_env(plan_.env_set);
    image.filter = put_filter(plan_.filter);
    image.init_filter = put_filter(plan_.init_filter);
    image.landlock_scopes = le32(plan_.landlock_scopes);
    image.landlock_paths = put_path_rules(plan_.landlock_paths);
    image.landlock_ports = put_port_rules(plan_.landlock_ports);
    image.keep_capabilities = le<wire::le64>(plan_.keep_capabilities);
    image.limits = put_limits(plan_.limits);
    image.templates = append(templates_, wire::kMaxList, "launch texts");  // last: everything above may add to them
    return finish(image);
  }

 private:
  std::string finish(wire::Image& image) {
    image.size = le32(out_.size());
    std::copy_n(reinterpret_cast<const char*>(&image), sizeof image, out_.data());
    const unsigned char* bytes = reinterpret_cast<const unsigned char*>(out_.data());
    image.checksum.set(wire::checksum(bytes + wire::kChecksumStart, out_.size() - wire::kChecksumStart));
    std::copy_n(reinterpret_cast<const char*>(&image), sizeof image, out_.data());
    wire::Reader reader;
    const char* problem = wire::Reader::verify(reinterpret_cast<const unsigned char*>(out_.data()), out_.size(), reader);
    if (problem == wire::Reader::kOverlaps) throw TooLarge{"the same texts and files appear in it so often that they come to more than 1 GiB"};
    if (problem != nullptr) throw InternalError(std::string("the encoder wrote an image that its reader refuses: ") + problem);
    return std::move(out_);
  }

  std::uint32_t append_bytes(std::string_view bytes) {
    if (bytes.size() > wire::kMaxImage - out_.size()) throw TooLarge{"it would need more than 64 MiB"};
    const std::size_t offset = out_.size();
    out_.append(bytes);
    return static_cast<std::uint32_t>(offset);
  }
  template <class T>
  wire::List append(const std::vector<T>& records, std::uint32_t limit, const char* what) {
    if (records.size() > limit) throw TooLarge{"it has " + std::to_string(records.size()) + ' ' + what + ", and " + std::to_string(limit) + " is the limit"};
    if (records.empty()) return {};
    return {le32(append_bytes({reinterpret_cast<const char*>(records.data()), records.size() * sizeof(T)})), le32(records.size())};
  }

  /// Stores bytes and a NUL after them, once.
  std::uint32_t intern(const std::string& bytes) {
    const auto known = strings_.find(bytes);
    if (known != strings_.end()) return known->second;
    const std::uint32_t offset = append_bytes(bytes);
    append_bytes(std::string_view("\0", 1));
    strings_.emplace(bytes, offset);
    return offset;
  }

  wire::Ref put_Ref(const std::string& text) { return {le32(intern(text)), le32(text.size())}; }
  wire::Data put_Data(const std::string& bytes) { return {le32(intern(bytes)), le32(bytes.size())}; }
  wire::U32 put_U32(std::uint32_t value) { return le32(value); }
  wire::U64 put_U64(std::uint64_t value) { return le<wire::le64>(value); }
  wire::Text put_Text(const PlanText& text) {
    if (text.text.literal()) {
      const wire::Ref ref = put_Ref(text.text.str());
      return {ref.off, ref.len};
    }
    return {le32(template_index(text)), le32(wire::kTemplate)};
  }
  wire::Texts put_Texts(const std::vector<PlanText>& texts) {
    std::vector<wire::Text> records;
    for (const PlanText& text : texts) records.push_back(put_Text(text));
    return append(records, wire::kMaxList, "texts in one list");
  }

  wire::List put_refs(const std::vector<std::string>& texts) {
    std::vector<wire::Ref> records;
    for (const std::string& text : texts) records.push_back(put_Ref(text));
    return append(records, wire::kMaxList, "names in one list");
  }
  wire::List put_numbers(const std::vector<std::uint32_t>& numbers) {
    std::vector<wire::le32> records;
    for (const std::uint32_t number : numbers) records.push_back(le32(number));
    return append(records, wire::kMaxList, "descriptors in one list");
  }
  wire::List put_daemons(const std::vector<PlanDaemon>& daemons) {
    std::vector<wire::Daemon> records;
    for (const PlanDaemon& daemon : daemons) records.push_back({put_exec(daemon.exec), put_Text(daemon.ready), le32(daemon.timeout_ms)});
    return append(records, wire::kMaxList, "daemons");
  }
  wire::List put_path_rules(const std::vector<PlanPathRule>& rules) {
    std::vector<wire::PathRule> records;
    for (const PlanPathRule& rule : rules) records.push_back({put_Text(rule.path), le<wire::le64>(rule.access), put_origin(rule.origin)});
    return append(records, wire::kMaxList, "Landlock rules");
  }
  wire::List put_port_rules(const std::vector<PlanPortRule>& rules) {
    std::vector<wire::PortRule> records;
    for (const PlanPortRule& rule : rules) records.push_back({le<wire::le64>(rule.port), le<wire::le64>(rule.access), put_origin(rule.origin)});
    return append(records, wire::kMaxList, "Landlock rules");
  }
  wire::List put_limits(const std::vector<PlanLimit>& limits) {
    std::vector<wire::ResourceLimit> records;
    for (const PlanLimit& limit : limits) records.push_back({le32(limit.resource), le<wire::le64>(limit.value), put_origin(limit.origin)});
    return append(records, wire::kMaxList, "limits");
  }
  wire::Origin put_origin(const PlanOrigin& origin) { return {le32(origin.file), le32(origin.line)}; }
  wire::Exec put_exec(const PlanExec& exec) { return {put_Text(exec.path), put_Text(exec.argv0), put_Texts(exec.args), put_origin(exec.origin)}; }
  /// `NAME=value` whole, so that the runtime has nothing to put together.
  static PlanText assignment(const std::string& name, PlanText value) {
    std::vector<Segment>& segments = value.text.segments;
    if (segments.empty() || segments.front().variable) segments.insert(segments.begin(), Segment{});
    segments.front().text.insert(0, name + "=");
    return value;
  }
  wire::List put_env(const std::vector<std::pair<std::string, PlanText>>& entries) {
    std::vector<wire::EnvEntry> records;
    for (const auto& [name, value] : entries) records.push_back({put_Ref(name), put_Text(assignment(name, value))});
    return append(records, wire::kMaxList, "environment variables");
  }
  wire::List put_filter(const BpfProgram& program) {
    static_assert(sizeof(BpfInsn) == 8 && std::endian::native == std::endian::little, "struct sock_filter is stored as it stands");
    while (!program.empty() && out_.size() % 8 != 0) out_.push_back('\0');
    return append(program, wire::kMaxFilter, "instructions in its filter");
  }

  wire::Segment put_segment(const Segment& segment) {
    if (!segment.variable) return {le32(wire::kLiteral), le32(0), put_Ref(segment.text)};
    const auto found = std::find(plan_.variables.begin(), plan_.variables.end(), segment.text);
    if (found == plan_.variables.end()) throw InternalError("the plan does not list its launch variable " + segment.text);
    return {le32(static_cast<std::uint64_t>(found - plan_.variables.begin())), le32(segment.fallback.has_value() ? 1 : 0), put_Ref(segment.fallback.value_or(""))};
  }
  std::uint32_t template_index(const PlanText& text) {
    std::vector<wire::Segment> records;
    for (const Segment& segment : text.text.segments) records.push_back(put_segment(segment));
    // Strings are interned, so equal templates have equal segment records: those are the key.
    std::string key(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(wire::Segment));
    key += std::to_string(text.is_path) + ':' + std::to_string(text.origin.file) + ':' + std::to_string(text.origin.line);
    const auto [place, is_new] = template_indexes_.try_emplace(key, static_cast<std::uint32_t>(templates_.size()));
    if (is_new) {
      const wire::List segments = append(records, wire::kMaxList, "segments in one text");
      templates_.push_back({segments, le32(text.is_path ? 1 : 0), put_origin(text.origin)});
    }
    return place->second;
  }

  // One body() per op.
#define OP(Name, id, doc)                 \
  wire::Name body(const plan::Name& op) { \
    return wire::Name {
#define FIELD(Type, name, doc) .name = put_##Type(op.name),
#define END_OP(Name) \
  }                  \
  ;                  \
  }
#include "schema/ops.def"
  // And its wire id.
#define OP(Name, id, doc) \
  static wire::OpKind kind(const plan::Name&) { return wire::OpKind::Name; }
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"

  wire::List put_ops(const std::vector<PlanOp>& ops) {
    std::vector<wire::OpHead> heads;
    for (const PlanOp& op : ops) heads.push_back(std::visit([&](const auto& alternative) { return put_op(op, alternative); }, op.op));
    return append(heads, wire::kMaxOps, "steps");
  }
  wire::OpHead put_op(const PlanOp&, const std::monostate&) { throw InternalError("the plan has an empty op"); }
  template <class T>
  wire::OpHead put_op(const PlanOp& op, const T& alternative) {
    const std::vector record{body(alternative)};
    return {le<wire::le16>(static_cast<std::uint16_t>(kind(alternative))), le<wire::le16>(op.flags), append(record, 1, "").off, put_origin(op.origin)};
  }

  const Plan& plan_;
  std::string out_;
  std::unordered_map<std::string, std::uint32_t> strings_;
  std::vector<wire::Template> templates_;
  std::unordered_map<std::string, std::uint32_t> template_indexes_;
};

}  // namespace

std::string encode(const Plan& plan, Diagnostics& diags) {
  try {
    return Encoder(plan).run();
  } catch (const TooLarge& limit) {
    diags.add(Code::PlanTooLarge, {}, "the plan does not fit into a launcher: " + limit.what);
    return {};
  }
}

}  // namespace immure
