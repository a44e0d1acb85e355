// Reading a plan image in place: one check of everything before the first use, then plain accessors.
//
// Used by the launcher on its own image, by the compiler to read back what it wrote, by `immure inspect` on any file, and by the fuzzers.
// No allocation, no copy, no recursion, no libc. `verify` is the only way to a Reader, so a Reader means a checked image.
#pragma once

#include "schema/wire.h"

namespace wire {

/// A list in the image. Borrowed: lives as long as the image.
template <class T>
struct View {
  const T* data;
  std::uint32_t count;
  const T* begin() const { return data; }
  const T* end() const { return data + count; }
  std::uint32_t size() const { return count; }
  const T& operator[](std::uint32_t i) const { return data[i]; }
};

/// What the references of an image may come to together, each counted as often as it is made: 64 for a record, the bytes of a string or of data. They may share what they refer
/// to, so that the size of the image does not bound the work of reading it.
inline constexpr std::uint64_t kMaxReading = std::uint64_t{16} * kMaxImage;

class Reader {
 public:
  constexpr Reader() = default;

  /// Checks all of the image; on failure returns what is wrong with it and leaves `out` alone. `size` is the size of the buffer,
  /// which may be larger than the image (a mapped page), never smaller.
  [[nodiscard]] static const char* verify(const unsigned char* data, std::size_t size, Reader& out) {
    Reader r;
    r.base_ = data;
    r.left_ = kMaxReading;
    const char* problem = r.check_image(size);
    if (problem != nullptr && r.left_ == 0) problem = kOverlaps;
    if (problem == nullptr) out = r;
    return problem;
  }

  static constexpr char kOverlaps[] = "the plan is damaged (overlaps)";  // an array: to be compared by its address, which a literal has once in each file

  const Image& image() const { return *reinterpret_cast<const Image*>(base_); }
  const unsigned char* data() const { return base_; }
  std::uint32_t size() const { return size_; }

  const char* str(const Ref& ref) const { return reinterpret_cast<const char*>(base_ + ref.off.get()); }
  bool is_template(const Text& text) const { return text.len.get() == kTemplate; }
  /// Only for a Text that is no template.
  const char* str(const Text& text) const { return reinterpret_cast<const char*>(base_ + text.off.get()); }

  template <class T>
  View<T> list(const List& list) const {
    return {reinterpret_cast<const T*>(base_ + list.off.get()), list.count.get()};
  }
  template <class T>
  const T& body(const OpHead& head) const {
    return *reinterpret_cast<const T*>(base_ + head.body.get());
  }

 private:
  const unsigned char* base_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t files_ = 0, variables_ = 0, templates_ = 0;
  mutable std::uint64_t left_ = 0;  // of kMaxReading

  static constexpr std::uint64_t kRecordWork = 64;

  /// `count` records of `each` bytes at `off` lie inside the image. Written without an addition that could wrap.
  bool inside(std::uint32_t off, std::uint32_t count, std::size_t each) const { return off <= size_ && count <= (size_ - off) / each; }
  bool spend(std::uint64_t work) const {
    if (work < left_) return left_ -= work, true;
    left_ = 0;
    return false;
  }
  bool ok_ref(const Ref& ref) const {
    const std::uint32_t off = ref.off.get(), len = ref.len.get();
    if (off > size_ || len >= size_ - off || !spend(len)) return false;
    for (std::uint32_t i = 0; i < len; ++i)
      if (base_[off + i] == 0) return false;
    return base_[off + len] == 0;
  }
  bool ok_text(const Text& text) const {
    if (text.len.get() == kTemplate) return text.off.get() < templates_;
    return ok_ref(Ref{text.off, text.len});
  }
  bool ok_data(const List& data) const { return inside(data.off.get(), data.count.get(), 1) && spend(data.count.get()); }
  bool ok_origin(const Origin& origin) const { return origin.file.get() < files_; }

  template <class T>
  bool ok_list(const List& list, std::uint32_t limit, bool (Reader::*each)(const T&) const) const {
    if (list.count.get() > limit || !inside(list.off.get(), list.count.get(), sizeof(T)) || !spend(kRecordWork * list.count.get())) return false;
    for (const T& item : this->list<T>(list))
      if (!(this->*each)(item)) return false;
    return true;
  }
  bool ok_texts(const List& texts) const { return ok_list<Text>(texts, kMaxList, &Reader::ok_text); }
  bool ok_segment(const Segment& segment) const {
    const std::uint32_t variable = segment.variable.get();
    return (variable == kLiteral || variable < variables_) && segment.has_default.get() <= 1 && ok_ref(segment.text);
  }
  bool ok_template(const Template& t) const { return t.is_path.get() <= 1 && ok_origin(t.origin) && ok_list<Segment>(t.segments, kMaxList, &Reader::ok_segment); }
  bool ok_env(const EnvEntry& entry) const { return ok_ref(entry.name) && ok_text(entry.assignment); }
  bool ok_exec(const Exec& exec) const { return ok_text(exec.path) && ok_text(exec.argv0) && ok_texts(exec.args) && ok_origin(exec.origin); }

  bool ok_daemon(const Daemon& daemon) const { return ok_exec(daemon.exec) && ok_text(daemon.ready); }
  bool ok_limit(const ResourceLimit& limit) const { return ok_origin(limit.origin); }
  bool ok_path_rule(const PathRule& rule) const { return ok_text(rule.path) && ok_origin(rule.origin); }
  bool ok_port_rule(const PortRule& rule) const { return ok_origin(rule.origin); }
  bool ok_number(const le32&) const { return true; }

  // One overload per field type of ops.def; a number has nothing to check here, the op checks its own range at use.
  bool ok_field_Text(const Text& v) const { return ok_text(v); }
  bool ok_field_Ref(const Ref& v) const { return ok_ref(v); }
  bool ok_field_Data(const Data& v) const { return ok_data(v); }
  bool ok_field_U32(const U32&) const { return true; }
  bool ok_field_U64(const U64&) const { return true; }
  bool ok_field_Texts(const Texts& v) const { return ok_texts(v); }

  bool ok_op(const OpHead& head) const {
    if ((head.flags.get() & ~kAllOpFlags) != 0 || !ok_origin(head.origin)) return false;
    switch (static_cast<OpKind>(head.kind.get())) {
#define OP(Name, id, doc)                                        \
  case OpKind::Name: {                                           \
    if (!inside(head.body.get(), 1, sizeof(Name))) return false; \
    const Name& op = body<Name>(head);                           \
    bool ok = true;
#define FIELD(Type, name, doc) ok = ok && ok_field_##Type(op.name);
#define END_OP(Name) \
  return ok;         \
  }
#include "schema/ops.def"
    }
    return false;
  }

  bool ok_filter(const List& filter) const { return filter.count.get() <= kMaxFilter && inside(filter.off.get(), filter.count.get(), 8); }

  const char* check_image(std::size_t available) {
    if (available < sizeof(Image)) return "the plan is truncated";
    const Image& im = image();
    for (std::size_t i = 0; i < sizeof kMagic; ++i)
      if (im.magic[i] != kMagic[i]) return "there is no plan in it";
    if (im.version.get() != kVersion) return "the plan has another version than its runtime";
    size_ = im.size.get();
    if (size_ < sizeof(Image) || size_ > kMaxImage || size_ > available) return "the plan is truncated";
    if (im.checksum.get() != checksum(base_ + kChecksumStart, size_ - kChecksumStart)) return "the plan is damaged (checksum)";

    // Tables first: what follows refers to them by index.
    if (!ok_list<Ref>(im.files, kMaxList, &Reader::ok_ref) || im.files.count.get() == 0) return "the plan is damaged (files)";
    files_ = im.files.count.get();
    if (!ok_list<Ref>(im.variables, kMaxList, &Reader::ok_ref)) return "the plan is damaged (variables)";
    variables_ = im.variables.count.get();
    if (!ok_list<Template>(im.templates, kMaxList, &Reader::ok_template)) return "the plan is damaged (templates)";
    templates_ = im.templates.count.get();

    if (!ok_ref(im.name) || !ok_ref(im.hostname)) return "the plan is damaged (names)";
    if ((im.flags.get() & ~kAllImageFlags) != 0) return "the plan is damaged (flags)";
    if (im.uid_kind.get() > kIdFixed || im.gid_kind.get() > kIdFixed) return "the plan is damaged (ids)";
    if (im.cancel_kind.get() > kCancelInterrupt) return "the plan is damaged (cancel)";
    if (!ok_list<le32>(im.pass_fds, kMaxList, &Reader::ok_number) || !ok_list<le32>(im.pass_dir_fds, kMaxList, &Reader::ok_number)) return "the plan is damaged (descriptors)";
    if (!ok_text(im.cgroup_path) || !ok_origin(im.cgroup_origin)) return "the plan is damaged (cgroup)";
    if (!ok_list<Daemon>(im.daemons, kMaxList, &Reader::ok_daemon)) return "the plan is damaged (daemons)";
    if (!ok_list<PathRule>(im.landlock_paths, kMaxList, &Reader::ok_path_rule)) return "the plan is damaged (landlock)";
    if (!ok_list<PortRule>(im.landlock_ports, kMaxList, &Reader::ok_port_rule)) return "the plan is damaged (landlock)";
    if (!ok_list<ResourceLimit>(im.limits, kMaxList, &Reader::ok_limit)) return "the plan is damaged (limits)";
    if (!ok_ref(im.root_options)) return "the plan is damaged (root)";
    if (!ok_list<OpHead>(im.ops, kMaxOps, &Reader::ok_op)) return "the plan is damaged (ops)";
    if (!ok_exec(im.program) || !ok_text(im.cwd) || !ok_origin(im.cwd_origin)) return "the plan is damaged (program)";
    if (!ok_list<Ref>(im.env_inherit, kMaxList, &Reader::ok_ref)) return "the plan is damaged (environment)";
    if (!ok_list<EnvEntry>(im.env_set, kMaxList, &Reader::ok_env)) return "the plan is damaged (environment)";
    if (!ok_filter(im.filter) || !ok_filter(im.init_filter)) return "the plan is damaged (filter)";
    return nullptr;
  }
};

}  // namespace wire
