// What a change of a key's value means: one row per key of the language.
//
// Values are compared by what they are where that is known (numbers, sizes, lists without their order), else by the text that was written for them.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "compiler/diff.h"
#include "compiler/fs_names.h"

namespace immure {
namespace {

/// Which way a key's values grow.
enum class Way {
  TrueGrants,
  FalseGrants,
  MoreGrants,  // numbers; absent is without limit
  ItemsGrant,  // lists and tables: each further item is a grant
  ItemsTake,
  WordsGrant,     // words in the order that the row gives, each granting more than the one before
  ListRestricts,  // the first item shuts everything else out, each further one grants
  Neutral,        // another value is another behaviour, not more of one
  Elsewhere,      // what it means is seen in the view or in the filter
};

struct Row {
  std::string_view key;  // "table.key", "list.key" or "fs.op.key"; a last part `*` stands for all keys of its table
  Way way;
  std::string_view order{};
};

constexpr Row kRows[] = {
    {"immure", Way::Neutral},
    {"name", Way::Neutral},
    {"extends", Way::Elsewhere},
    {"weaken", Way::ItemsGrant},
    {"launch.variables", Way::Neutral},
    {"program.path", Way::Neutral},
    {"program.args", Way::Neutral},
    {"program.argv0", Way::Neutral},
    {"program.pass-args", Way::TrueGrants},
    {"program.cwd", Way::Neutral},
    {"env.inherit", Way::ItemsGrant},
    {"env.set", Way::ItemsGrant},
    {"user.uid", Way::Neutral},
    {"user.gid", Way::Neutral},
    {"user.run-as", Way::ItemsTake},
    {"namespaces.network", Way::WordsGrant, "none loopback host"},
    {"namespaces.hostname", Way::Neutral},
    {"namespaces.nested", Way::TrueGrants},
    {"root.writable", Way::Elsewhere},
    {"root.size", Way::MoreGrants},
    {"process.new-session", Way::FalseGrants},
    {"process.die-with-supervisor", Way::FalseGrants},
    {"process.die-with-caller", Way::FalseGrants},
    {"process.linger", Way::MoreGrants},
    {"process.stdin", Way::WordsGrant, "null inherit"},
    {"process.parent-mode", Way::Neutral},
    {"process.on-cancel", Way::Neutral},
    {"process.cancel-wait", Way::MoreGrants},
    {"process.timeout", Way::MoreGrants},
    {"process.pass-fds", Way::ItemsGrant},
    {"process.pass-dir-fds", Way::ItemsGrant},
    {"process.status-fd", Way::Neutral},
    {"seccomp.enabled", Way::Elsewhere},
    {"seccomp.presets", Way::Elsewhere},
    {"seccomp.default", Way::Elsewhere},
    {"seccomp.oci", Way::Elsewhere},
    {"seccomp.compat", Way::Elsewhere},
    {"seccomp.multiarch", Way::TrueGrants},
    {"seccomp.can", Way::Elsewhere},
    {"seccomp.bluetooth", Way::Elsewhere},
    {"seccomp.optimize", Way::Neutral},
    {"seccomp.rule", Way::Elsewhere},
    {"capabilities.keep", Way::ItemsGrant},
    {"limits.*", Way::MoreGrants},
    {"cgroup.*", Way::Neutral},
    {"landlock.scope", Way::ItemsTake},
    {"landlock.on-missing", Way::WordsGrant, "fail weaken"},
    {"landlock.path", Way::ListRestricts},
    {"landlock.port", Way::ListRestricts},
    {"daemon", Way::ItemsGrant},
    // Ops: what the view shows of them is compared there.
    {"fs.bind.from", Way::Elsewhere},
    {"fs.bind.write", Way::Elsewhere},
    {"fs.bind.device", Way::Elsewhere},
    {"fs.bind.optional", Way::TrueGrants},  // where it is skipped, what it covers shows
    {"fs.bind.ensure", Way::TrueGrants},
    {"fs.bind.create", Way::TrueGrants},
    {"fs.tmpfs.size", Way::MoreGrants},
    {"fs.tmpfs.inodes", Way::MoreGrants},
    {"fs.tmpfs.mode", Way::Neutral},
    {"fs.tmpfs.readonly", Way::Elsewhere},
    {"fs.tmpfs.exec", Way::Elsewhere},
    {"fs.tmpfs.create", Way::TrueGrants},
    {"fs.overlay.lower", Way::Elsewhere},
    {"fs.overlay.upper", Way::Elsewhere},
    {"fs.overlay.work", Way::Neutral},
    {"fs.overlay.ephemeral", Way::Elsewhere},
    {"fs.overlay.create", Way::TrueGrants},
    {"fs.proc.optional", Way::TrueGrants},
    {"fs.proc.harden", Way::FalseGrants},
    {"fs.proc.create", Way::TrueGrants},
    {"fs.dev.mqueue", Way::Elsewhere},
    {"fs.dev.write", Way::Elsewhere},
    {"fs.dev.nodes", Way::Elsewhere},
    {"fs.dev.create", Way::TrueGrants},
    {"fs.dir.mode", Way::Neutral},
    {"fs.dir.create", Way::TrueGrants},
    {"fs.file.text", Way::Neutral},
    {"fs.file.base64", Way::Neutral},
    {"fs.file.source", Way::Elsewhere},  // resolve has put its contents into base64
    {"fs.file.mode", Way::Neutral},
    {"fs.file.create", Way::TrueGrants},
    {"fs.symlink.to", Way::Elsewhere},
    {"fs.symlink.dereference", Way::Neutral},
    {"fs.symlink.create", Way::TrueGrants},
    {"fs.remount.*", Way::Elsewhere},
    {"fs.etc.*", Way::Elsewhere},
    {"fs.root.*", Way::Elsewhere},
};

const Row* row_of(std::string_view key) {
  for (const Row& row : kRows) {
    if (row.key == key) return &row;
    if (row.key.ends_with(".*") && key.starts_with(row.key.substr(0, row.key.size() - 1))) return &row;
  }
  return nullptr;
}

// ---- values ------------------------------------------------------------------------------------------------------------------

struct Setting {
  bool present = false;
  std::vector<std::string> items;  // of a scalar: one
  std::optional<std::uint64_t> number;
  Span span;
};
using Settings = std::map<std::string, Setting, std::less<>>;

/// The source text with every run of white space as one blank, and without quotes around it.
std::string written(const Sources& sources, const Span& span) {
  if (!span.known()) return "";
  const std::string_view raw = std::string_view(sources.file(span.file).text()).substr(span.begin, span.end - span.begin);
  std::string text;
  for (const char c : raw) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) text += c;
    else if (!text.empty() && text.back() != ' ') text += ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) text = text.substr(1, text.size() - 2);
  return text;
}

template <class T>
concept Listed = requires(const T& list) {
  list.begin()->span;
};

class Reader {
 public:
  Reader(const Sources& sources, Settings& out) : sources_(sources), out_(out) {}

  template <class Table>
  void table(std::string_view path, Table keys) {
    const std::string prefix = path.empty() ? "" : std::string(path) + ".";
    visit_keys(keys, [&](const KeyInfo& key, const auto& field) { out_[prefix + key.name] = setting(key, field); });
  }
  /// A list of tables is one setting; an entry is an item, with its keys as text.
  template <class Row>
  void rows(std::string_view path, const std::vector<Row>& entries) {
    Setting& setting_ = out_[std::string(path)];
    for (Row entry : entries) {
      std::string text;
      visit_keys(entry, [&](const KeyInfo& key, const auto& field) {
        const Setting value = setting(key, field);
        for (const std::string& item : value.items) text += (text.empty() ? "" : ", ") + std::string(key.name) + " " + item;
      });
      setting_.present = true;
      setting_.items.push_back(std::move(text));
      if (!setting_.span.known()) setting_.span = entry.span;
    }
  }

 private:
  template <class T>
  Setting setting(const KeyInfo& key, const Field<T>& field) const {
    Setting out;
    out.present = field.present;
    out.span = field.span;
    if (!field.present) return out;
    fill(out, key, *field);
    return out;
  }
  void fill(Setting& out, const KeyInfo&, const bool& value) const { out.items = {value ? "true" : "false"}; }
  void fill(Setting& out, const KeyInfo&, const std::string& value) const { out.items = {value}; }
  void fill(Setting& out, const KeyInfo&, const Template& value) const { out.items = {value.shown()}; }
  void fill(Setting& out, const KeyInfo&, const type::EnvMap& value) const {
    for (const type::EnvVar& variable : value) out.items.push_back(variable.name + "=" + variable.value.shown());
  }
  void fill(Setting& out, const KeyInfo&, const std::vector<Placed<Template>>& value) const {
    for (const Placed<Template>& item : value) out.items.push_back(item.value.shown());
  }
  void fill(Setting& out, const KeyInfo&, const std::vector<Placed<std::string>>& value) const {
    for (const Placed<std::string>& item : value) out.items.push_back(item.value);
  }
  template <class T>
  void fill(Setting& out, const KeyInfo& key, const T& value) const {
    if constexpr (Listed<T>) {
      for (const auto& item : value) out.items.push_back(written(sources_, item.span));
    } else {
      out.items = {out.span.known() ? written(sources_, out.span) : key.fallback == nullptr ? "" : key.fallback};
      if constexpr (requires { value.ms; }) out.number = value.ms;
      else if constexpr (requires { value.percent; }) out.number = value.percent ? std::optional<std::uint64_t>{} : value.number;
      else if constexpr (requires { value.bits; }) out.number = value.bits;
      else if constexpr (requires { std::uint64_t{value.value}; }) out.number = value.value;
      else if constexpr (std::is_unsigned_v<T>) out.number = value;
    }
  }

  const Sources& sources_;
  Settings& out_;
};

Settings settings_of(const Profile& profile, const Sources& sources) {
  Settings out;
  Reader reader(sources, out);
#define TABLE(Struct, member, path, doc) reader.table(path, profile.member);
#define ROWS(Struct, member, path, doc) reader.rows(path, profile.member);
#include "schema/language.def"
  return out;
}

Settings settings_of(const FsEntry& entry, const Sources& sources) {
  Settings out;
  Reader reader(sources, out);
  const std::string path = std::string("fs.") + op_key(entry.op);
  std::visit(
      [&](const auto& op) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(op)>, std::monostate>) reader.table(path, op);
      },
      entry.op);
  return out;
}

// ---- comparing ---------------------------------------------------------------------------------------------------------------

std::string in_words(const Setting& setting) {
  if (!setting.present) return "unset";
  std::string all;
  for (const std::string& item : setting.items) all += (all.empty() ? "`" : " ") + item;
  return all.empty() ? "empty" : all + "`";
}

/// More, where the number or the place in `order` is known of both.
std::optional<bool> grows(const Row& row, const Setting& a, const Setting& b) {
  if (row.way == Way::MoreGrants) {
    if (!a.present || !b.present) return !b.present;
    if (!a.number || !b.number) return std::nullopt;
    return *b.number > *a.number;
  }
  if (row.way == Way::WordsGrant && a.items.size() == 1 && b.items.size() == 1) return row.order.find(b.items[0]) > row.order.find(a.items[0]);
  return std::nullopt;
}

bool same(const Setting& a, const Setting& b, bool ordered) {
  if (a.present != b.present) return false;
  if (a.number && b.number) return *a.number == *b.number;
  return ordered ? a.items == b.items : std::multiset<std::string>(a.items.begin(), a.items.end()) == std::multiset<std::string>(b.items.begin(), b.items.end());
}

class Comparison {
 public:
  explicit Comparison(std::vector<Change>& out) : out_(out) {}
  /// `key`: of the language; `subject`: the op's path, or empty.
  void compare(const std::string& key, const std::string& subject, const Setting& a, const Setting& b) {
    const Row* row = row_of(key);
    const Row unknown{key, Way::ItemsGrant};
    if (row == nullptr) row = &unknown;
    if (row->way == Way::Elsewhere) return;
    key_ = key.starts_with("fs.") ? key.substr(key.rfind('.') + 1) : key;
    subject_ = subject;
    place_ = b.present && b.span.known() ? b.span : a.span;
    const bool list = row->way == Way::ItemsGrant || row->way == Way::ItemsTake || row->way == Way::ListRestricts;
    if (list) return items(*row, a, b);
    if (same(a, b, true)) return;
    if (!a.span.known() && !b.span.known()) return;  // a default that hangs on the file's name
    const std::string text = in_words(b) + " instead of " + in_words(a);
    if (row->way == Way::Neutral) return add(Effect::Changes, text);
    if (row->way == Way::TrueGrants || row->way == Way::FalseGrants) {
      const bool is_true = b.items == std::vector<std::string>{"true"};
      return add(is_true == (row->way == Way::TrueGrants) ? Effect::Grants : Effect::Takes, text);
    }
    add(grows(*row, a, b).value_or(true) ? Effect::Grants : Effect::Takes, text);
  }

 private:
  void items(const Row& row, const Setting& a, const Setting& b) {
    if (row.way == Way::ListRestricts && a.items.empty() != b.items.empty())
      return b.items.empty() ? add(Effect::Grants, "no longer a list that shuts out all else") : add(Effect::Takes, "shuts out all but " + in_words(b));
    const std::set<std::string> before = all_of(a), after = all_of(b);
    const bool take = row.way == Way::ItemsTake;
    for (const std::string& item : after)
      if (!before.contains(item)) add(take ? Effect::Takes : Effect::Grants, "`" + item + "` is new");
    for (const std::string& item : before)
      if (!after.contains(item)) add(take ? Effect::Grants : Effect::Takes, "`" + item + "` is gone");
  }
  std::set<std::string> all_of(const Setting& setting) const {
    if (!setting.present && key_ == "landlock.scope") return {"abstract-unix-socket", "signal"};  // its default
    return {setting.items.begin(), setting.items.end()};
  }
  void add(Effect effect, std::string text) { out_.push_back({effect, key_, subject_, std::move(text), place_}); }

  std::vector<Change>& out_;
  std::string key_, subject_;
  Span place_;
};

void compare_all(const Settings& a, const Settings& b, const std::string& subject, std::vector<Change>& out) {
  Comparison comparison(out);
  for (const auto& [key, setting] : b) comparison.compare(key, subject, a.at(key), setting);
}

}  // namespace

bool diff_knows(const std::string& key) { return row_of(key) != nullptr; }

void diff_keys(const Compared& before, const Compared& after, const Sources& sources, std::vector<Change>& out) {
  compare_all(settings_of(before.profile, sources), settings_of(after.profile, sources), "", out);
}

void diff_op_keys(const FsEntry& before, const FsEntry& after, const std::string& path, const Sources& sources, std::vector<Change>& out) {
  compare_all(settings_of(before, sources), settings_of(after, sources), path, out);
}

std::string op_in_full(const FsEntry& entry, const Sources& sources) {
  std::string text = std::string(op_key(entry.op)) + " " + entry.target->shown();
  for (const auto& [key, setting] : settings_of(entry, sources))
    if (setting.present && !setting.items.empty() && setting.items[0] != "false") text += ", " + key.substr(key.rfind('.') + 1) + " " + in_words(setting);
  return text;
}

}  // namespace immure
