// Image -> plan, field by field what encode.cc wrote.
//
// The op bodies are read by the rows of ops.def, one get_TYPE per field type, so the two files grow together or not at all.
#include "compiler/decode_image.h"

namespace immure {
namespace {

class Decoder {
 public:
  explicit Decoder(const wire::Reader& reader) : in_(reader), image_(reader.image()) {}

  Plan run() {
    variables_ = get_refs(image_.variables);
    Plan plan;
    plan.name = get_Ref(image_.name);
    plan.files = get_refs(image_.files);
    plan.variables = variables_;
    plan.flags = image_.flags.get();
    plan.uid = {static_cast<wire::IdKind>(image_.uid_kind.get()), image_.uid.get()};
    plan.gid = {static_cast<wire::IdKind>(image_.gid_kind.get()), image_.gid.get()};
    plan.hostname = get_Ref(image_.hostname);
    plan.parent_mode = image_.parent_mode.get();
    plan.linger_ms = image_.linger_ms.get();
    plan.timeout_ms = image_.timeout_ms.get();
    plan.cancel_kind = static_cast<wire::CancelKind>(image_.cancel_kind.get());
    plan.cancel_wait_ms = image_.cancel_wait_ms.get();
    plan.status_fd = image_.status_fd.get();
    plan.pass_fds = get_numbers(image_.pass_fds);
    plan.pass_dir_fds = get_numbers(image_.pass_dir_fds);
    plan.run_uid = image_.run_uid.get();
    plan.run_gid = image_.run_gid.get();
    plan.cgroup_path = get_Text(image_.cgroup_path);
    plan.cgroup_fd = image_.cgroup_fd.get();
    plan.cgroup_origin = get_origin(image_.cgroup_origin);
    plan.root_options = get_Ref(image_.root_options);
    for (const wire::OpHead& head : in_.list<wire::OpHead>(image_.ops)) plan.ops.push_back(get_op(head));
    for (const wire::Daemon& daemon : in_.list<wire::Daemon>(image_.daemons)) plan.daemons.push_back({get_exec(daemon.exec), get_Text(daemon.ready), daemon.timeout_ms.get()});
    plan.program = get_exec(image_.program);
    plan.cwd = get_Text(image_.cwd);
    plan.cwd.origin = get_origin(image_.cwd_origin);
    plan.env_inherit = get_refs(image_.env_inherit);
    for (const wire::EnvEntry& entry : in_.list<wire::EnvEntry>(image_.env_set)) plan.env_set.emplace_back(get_Ref(entry.name), get_assigned(entry));
    plan.filter = get_filter(image_.filter);
    plan.init_filter = get_filter(image_.init_filter);
    plan.landlock_scopes = image_.landlock_scopes.get();
    for (const wire::PathRule& rule : in_.list<wire::PathRule>(image_.landlock_paths))
      plan.landlock_paths.push_back({get_Text(rule.path), rule.access.get(), get_origin(rule.origin)});
    for (const wire::PortRule& rule : in_.list<wire::PortRule>(image_.landlock_ports)) plan.landlock_ports.push_back({rule.port.get(), rule.access.get(), get_origin(rule.origin)});
    plan.keep_capabilities = image_.keep_capabilities.get();
    for (const wire::ResourceLimit& limit : in_.list<wire::ResourceLimit>(image_.limits))
      plan.limits.push_back({limit.resource.get(), limit.value.get(), get_origin(limit.origin)});
    return plan;
  }

 private:
  std::string get_Ref(const wire::Ref& ref) const { return {in_.str(ref), ref.len.get()}; }
  std::string get_Data(const wire::Data& data) const { return {reinterpret_cast<const char*>(in_.data() + data.off.get()), data.count.get()}; }
  std::uint32_t get_U32(const wire::U32& value) const { return value.get(); }
  std::uint64_t get_U64(const wire::U64& value) const { return value.get(); }
  PlanText get_Text(const wire::Text& text) const {
    if (in_.is_template(text)) return get_template(in_.list<wire::Template>(image_.templates)[text.off.get()]);
    return {get_literal(text), false, {}};
  }
  Template get_literal(const wire::Text& text) const {
    if (text.len.get() == 0) return {};
    return {{Segment{false, std::string(in_.str(text), text.len.get()), std::nullopt}}};
  }
  /// The value of a whole assignment, `NAME=value`: the name and `=` are the first bytes of the first segment.
  PlanText get_assigned(const wire::EnvEntry& entry) const {
    PlanText text = get_Text(entry.assignment);
    std::vector<Segment>& segments = text.text.segments;
    if (segments.empty() || segments.front().variable || segments.front().text.size() <= entry.name.len.get()) return text;
    segments.front().text.erase(0, entry.name.len.get() + std::size_t{1});
    if (segments.front().text.empty()) segments.erase(segments.begin());
    return text;
  }
  PlanExec get_exec(const wire::Exec& exec) const { return {get_Text(exec.path), get_Text(exec.argv0), get_Texts(exec.args), get_origin(exec.origin)}; }
  std::vector<std::uint32_t> get_numbers(const wire::List& numbers) const {
    std::vector<std::uint32_t> out;
    for (const wire::le32& number : in_.list<wire::le32>(numbers)) out.push_back(number.get());
    return out;
  }
  std::vector<PlanText> get_Texts(const wire::Texts& texts) const {
    std::vector<PlanText> out;
    for (const wire::Text& text : in_.list<wire::Text>(texts)) out.push_back(get_Text(text));
    return out;
  }
  std::vector<std::string> get_refs(const wire::List& refs) const {
    std::vector<std::string> out;
    for (const wire::Ref& ref : in_.list<wire::Ref>(refs)) out.push_back(get_Ref(ref));
    return out;
  }
  PlanOrigin get_origin(const wire::Origin& origin) const { return {origin.file.get(), origin.line.get()}; }
  PlanText get_template(const wire::Template& from) const {
    PlanText out{{}, from.is_path.get() != 0, get_origin(from.origin)};
    for (const wire::Segment& segment : in_.list<wire::Segment>(from.segments)) out.text.segments.push_back(get_segment(segment));
    return out;
  }
  Segment get_segment(const wire::Segment& segment) const {
    if (segment.variable.get() == wire::kLiteral) return {false, get_Ref(segment.text), std::nullopt};
    Segment out{true, variables_[segment.variable.get()], std::nullopt};
    if (segment.has_default.get() != 0) out.fallback = get_Ref(segment.text);
    return out;
  }
  BpfProgram get_filter(const wire::List& filter) const {
    BpfProgram out;
    for (const wire::le64& raw : in_.list<wire::le64>(filter)) {
      const std::uint64_t bits = raw.get();
      out.push_back({static_cast<std::uint16_t>(bits), static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint32_t>(bits >> 32)});
    }
    return out;
  }

#define OP(Name, id, doc)                             \
  plan::Name get_body(const wire::Name& body) const { \
    return plan::Name {
#define FIELD(Type, name, doc) .name = get_##Type(body.name),
#define END_OP(Name) \
  }                  \
  ;                  \
  }
#include "schema/ops.def"

  plan::AnyOp get_any(const wire::OpHead& head) const {
    switch (static_cast<wire::OpKind>(head.kind.get())) {
#define OP(Name, id, doc)  \
  case wire::OpKind::Name: \
    return get_body(in_.body<wire::Name>(head));
#define FIELD(Type, name, doc)
#define END_OP(Name)
#include "schema/ops.def"
    }
    return std::monostate{};
  }
  PlanOp get_op(const wire::OpHead& head) const { return {get_any(head), head.flags.get(), get_origin(head.origin)}; }

  const wire::Reader& in_;
  const wire::Image& image_;
  std::vector<std::string> variables_;
};

}  // namespace

Plan decode_image(const wire::Reader& reader) { return Decoder(reader).run(); }

}  // namespace immure
