// View -> text and JSON.
//
// One walk over the nodes gives rows, in the order of their paths; text, JSON and `--writable` are drawn from those. A node that stands below what an optional
// bind covers is not shown. Entries whose target holds a launch variable have no place in the tree: they are listed after it, as they are written.
#include "compiler/view_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "compiler/fs_names.h"
#include "compiler/json.h"
#include "compiler/sight.h"
#include "compiler/utf8.h"

namespace immure {
namespace {

using What = Sight::What;
using Write = Sight::Write;

struct Row {
  std::string path;  // as the program names it
  std::size_t depth = 0;
  Sight sight;
  std::string where;  // "file:line", or empty
};

struct Palette {
  const char *writable = "", *dim = "", *bold = "", *off = "";
};
constexpr Palette kColours{"\x1b[1;32m", "\x1b[2m", "\x1b[1m", "\x1b[0m"};

class Teller {
 public:
  Teller(const Profile& profile, const View& view, const Sources& sources, bool colour)
      : profile_(profile), view_(view), sources_(sources), paint_(colour ? kColours : Palette{}) {}

  std::string tree(bool only_writable) const;
  std::string tree_json(bool only_writable) const;
  std::string answer(const std::string& path) const;
  std::string answer_json(const std::string& path) const;

 private:
  std::vector<Row> rows(bool only_writable) const;
  std::string where(std::int32_t op) const;
  std::string what(const Sight& sight) const;
  /// A mount's own key, for the origin of what lies on it.
  std::string entry_text(std::int32_t op) const;
  Json json_of(const std::string& path, const Sight& sight) const;
  std::string why_not_writable(const Sight& sight) const;
  std::string why_unknown(const Sight& sight) const;
  std::string may_write(const Sight& sight) const;

  const Profile& profile_;
  const View& view_;
  const Sources& sources_;
  Palette paint_;
};

bool is_writable(const Sight& sight) { return sight.write != Write::No; }

/// Padded to a column; one too wide keeps two blanks behind it.
std::string padded(const std::string& text, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    columns += shown(text, at, point).width;
    at += point.length;
  }
  return text + std::string(columns + 2 <= width ? width - columns : 2, ' ');
}

std::string Teller::where(std::int32_t op) const {
  if (op < 0) return "";
  const Span& span = profile_.fs[static_cast<std::size_t>(op)].target.span;
  if (!span.known()) return "";
  const std::string& name = sources_.file(span.file).name();
  return name.substr(name.rfind('/') + 1) + ":" + std::to_string(sources_.line(span));
}

std::string Teller::entry_text(std::int32_t op) const {
  const FsEntry& entry = profile_.fs[static_cast<std::size_t>(op)];
  return std::string("`") + op_key(entry.op) + " = \"" + entry.target->shown() + "\"`";
}

std::string Teller::what(const Sight& sight) const {
  const std::string suffix = std::string(sight.maybe ? ", where the host has it" : "");
  switch (sight.what) {
    case What::Nothing: return "nothing";
    case What::Unknown: return "unknown: it hangs on the host or on a launch variable";
    case What::Directory: return sight.node == 0 && sight.op < 0 ? "root" : "directory";
    case What::File: return "file";
    case What::Symlink: return "link to " + sight.content;
    case What::Device: return sight.maybe ? "device, where standard output is a terminal" : "device " + sight.content;
    case What::Host: return "host " + sight.content + suffix;
    case What::Tmpfs: return "tmpfs";
    case What::Overlay: return "overlay " + sight.content;
    case What::Proc: return "proc" + suffix;
    case What::Devpts: return "devpts";
    case What::Mqueue: return "mqueue";
  }
  return "";
}

std::vector<Row> Teller::rows(bool only_writable) const {
  std::vector<Row> out;
  std::vector<std::pair<std::uint32_t, std::size_t>> stack{{0, 0}};
  while (!stack.empty()) {
    const auto [node, depth] = stack.back();
    stack.pop_back();
    Sight sight = sight_of(profile_, view_, node);
    if (!only_writable || is_writable(sight)) out.push_back({view_.path_of(node), depth, sight, where(sight.op)});
    const auto& children = view_.nodes[node].children;
    for (auto child = children.rbegin(); child != children.rend(); ++child) stack.emplace_back(child->second, depth + 1);
  }
  return out;
}

std::string Teller::tree(bool only_writable) const {
  constexpr std::size_t kWidest = 48;
  const std::vector<Row> all = rows(only_writable);
  std::vector<std::string> names;
  std::size_t name_width = 0, what_width = 0, flags_width = 0;
  for (const Row& row : all) {
    const bool whole = only_writable || row.depth == 0;
    std::string name = whole ? row.path : std::string(std::min(row.depth * 2, kWidest), ' ') + row.path.substr(row.path.rfind('/') + 1);
    names.push_back(printable(name));
    name_width = std::max(name_width, std::min(names.back().size() + 2, kWidest));
    what_width = std::max(what_width, std::min(what(row.sight).size() + 2, kWidest));
    flags_width = std::max(flags_width, flags_text(row.sight).size() + 2);
  }
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Row& row = all[i];
    const bool write = is_writable(row.sight);
    out += write ? std::string(paint_.writable) + "W " : "  ";
    out += padded(names[i], name_width) + (write ? paint_.off : "");
    out += padded(printable(what(row.sight)), what_width);
    std::string flags = row.sight.what == What::Symlink || row.sight.what == What::Unknown ? "" : flags_text(row.sight);
    out += row.where.empty() ? flags : padded(flags, flags_width) + paint_.dim + printable(row.where) + paint_.off;
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  }
  bool first = true;
  for (std::size_t i = 0; i < profile_.fs.size(); ++i) {
    const FsEntry& entry = profile_.fs[i];
    if (!view_.placements[i].open) continue;
    if (std::exchange(first, false)) out += "\nWhere these stand is known at launch:\n";
    out +=
        "  " + padded(printable(entry.target->shown()), name_width) + padded(op_key(entry.op), what_width) + paint_.dim + where(static_cast<std::int32_t>(i)) + paint_.off + '\n';
  }
  return out;
}

Json Teller::json_of(const std::string& path, const Sight& sight) const {
  Json out;
  out["path"] = path;
  out["what"] = word_of(sight.what);
  if (!sight.content.empty()) out[sight.what == What::Symlink ? "to" : "source"] = sight.content;
  if (sight.what != What::Nothing) {
    // Where nobody can say what stands there, it may be on another mount.
    if (sight.what != What::Unknown) out["mount"] = view_.path_of(view_.mounts[sight.mount].node);
    Json flags = Json::array();
    constexpr std::array<const char*, kMountFlags> kNames{"readonly", "noexec", "nosuid", "nodev"};
    for (std::size_t flag = 0; flag < kMountFlags; ++flag)
      if (sight.flags[flag]) flags.push_back(kNames[flag]);
    out["flags"] = flags;
    out["mayHaveMoreFlags"] = sight.may_have_more;
  }
  out["writable"] = word_of(sight.write);
  out["certain"] = sight.certain;
  out["optional"] = sight.maybe;
  out["implicit"] = sight.implicit;
  if (sight.op >= 0) out["op"] = op_key(profile_.fs[static_cast<std::size_t>(sight.op)].op);
  out["origin"] = sight.op >= 0 ? Json(where(sight.op)) : Json(nullptr);
  return out;
}

std::string Teller::tree_json(bool only_writable) const {
  Json entries = Json::array();
  for (const Row& row : rows(only_writable)) entries.push_back(json_of(row.path, row.sight));
  Json later = Json::array();
  for (std::size_t i = 0; i < profile_.fs.size(); ++i)
    if (view_.placements[i].open) later.push_back({{"target", profile_.fs[i].target->shown()}, {"op", op_key(profile_.fs[i].op)}, {"origin", where(static_cast<std::int32_t>(i))}});
  return json_text({{"entries", entries}, {"knownAtLaunch", later}});
}

std::string Teller::why_not_writable(const Sight& sight) const {
  if (sight.what == What::Nothing) return "no, there is nothing";
  if (sight.what == What::Symlink) return "no, it is a link; ask for what it leads to";
  if (sight.mount == 0) return "no, the root is read-only once the entries have run; `[root] writable = true` leaves it writable";
  const std::int32_t from = view_.flag_from(sight.mount, kReadonly);
  const std::string mount = view_.path_of(view_.mounts[sight.mount].node);
  if (from < 0) return "no";
  return "no, the mount at `" + mount + "` is read-only, by " + entry_text(from) + " at " + where(from);
}

std::string Teller::may_write(const Sight& sight) const {
  switch (sight.write) {
    case Write::No: return why_not_writable(sight);
    case Write::Yes: return "yes";
    case Write::Host: return "yes, as far as the host's permissions go";
    case Write::Kernel: return "some of it: the kernel decides";
    case Write::Unknown: return why_unknown(sight);
  }
  return "";
}

std::string Teller::why_unknown(const Sight& sight) const {
  if (!sight.may_have_more || sight.what == What::Unknown) return "unknown";
  const std::int32_t from = view_.flag_from(sight.mount, kReadonly);
  if (from < 0) return "unknown: a `remount` may have made it read-only, and what that is for is known at launch";
  return "unknown: " + entry_text(from) + " at " + where(from) + " is not `recursive`, so what the host has mounted below it stays writable";
}

std::string Teller::answer(const std::string& path) const {
  const Sight sight = sight_of(profile_, view_, path);
  std::string out = std::string(paint_.bold) + printable(path) + paint_.off + "\n  what      " + printable(what(sight)) + '\n';
  if (sight.implicit) out += "            a parent, made on the way to a target\n";
  if (sight.what == What::Nothing && sight.node != 0) out += "            `" + printable(view_.path_of(sight.node)) + "` is the last that is there\n";
  if (!sight.certain && sight.what != What::Unknown) out += "            unless a link of the host or a launch variable leads elsewhere\n";
  if (sight.op >= 0) out += "  from      " + printable(entry_text(sight.op)) + " at " + printable(where(sight.op)) + '\n';
  if (sight.what != What::Nothing && sight.what != What::Unknown)
    out += "  mount     " + printable(view_.path_of(view_.mounts[sight.mount].node)) + "  " + flags_text(sight) + '\n';
  return out + "  writable  " + printable(may_write(sight)) + '\n';
}

std::string Teller::answer_json(const std::string& path) const { return json_text(json_of(path, sight_of(profile_, view_, path))); }

}  // namespace

std::string view_text(const Profile& profile, const View& view, const Sources& sources, const ViewQuestion& question) {
  const Teller teller(profile, view, sources, question.colour);
  if (!question.path.empty()) return question.json ? teller.answer_json(question.path) : teller.answer(question.path);
  return question.json ? teller.tree_json(question.writable) : teller.tree(question.writable);
}

}  // namespace immure
