// See draft.h.
#include "tests/differential/draft.h"

#include <algorithm>

namespace immure::test {
namespace {

/// "bind = \"/a\", from = \"/b\", write = true" into its op and its keys.
Entry parse_entry(const std::string& text) {
  Entry out;
  std::size_t from = 0;
  bool quoted = false;
  int depth = 0;
  const auto take = [&](std::size_t to) {
    const std::string part = text.substr(from, to - from);
    if (out.op.empty()) out.op = part;
    else out.keys.push_back(part);
    from = to + 2;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    else if (!quoted && text[i] == '[') ++depth;
    else if (!quoted && text[i] == ']') --depth;
    else if (!quoted && depth == 0 && text[i] == ',') take(i);
  }
  take(text.size());
  return out;
}

std::string in_world(std::string text, const std::filesystem::path& world) {
  for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@')) text.replace(at, 1, world.string());
  return text;
}

}  // namespace

const std::vector<Fault>& faults() {
  constexpr const char* kLayers = "overlay = \"/O\", lower = [\"@/x\", \"@/y\"]";
  // clang-format off
  static const std::vector<Fault> all{
      // the program and its directory
      {"E0301", {}, "/usr/bin/there-is-no-such-program"},
      {"E0301", {}, "/nothing"},
      {"E0302", {}, "/usr/bin"},
      {"E0302", {"bind = \"/D\", from = \"@/x\""}, "/D/a"},
      {"E0303", {"file = \"/F\", text = \"x\""}, "/F"},
      {"E0303", {"bind = \"/F\", from = \"@/x/file\""}, "/F"},
      {"E0303", {"bind = \"/F\", from = \"@/probe\"", "remount = \"/F\", noexec = true"}, "/F"},
      {"E0304", {}, nullptr, "cwd = \"/nowhere\"\n"},
      {"E0304", {}, nullptr, "cwd = \"/usr/nowhere\"\n"},
      {"E0304", {}, nullptr, "cwd = \"/.probe\"\n"},
      {"E0367", {"bind = \"/script\", from = \"@/script\""}, "/script"},
      {"E0367", {"bind = \"/true\", from = \"/usr/bin/true\""}, "/true", nullptr, nullptr, nullptr, nullptr, nullptr, true},
      {"E0368", {"bind = \"/true\", from = \"/usr/bin/true\"", "bind = \"/lib64/ld-linux-x86-64.so.2\", from = \"/lib64/ld-linux-x86-64.so.2\""}, "/true", nullptr, nullptr,
       nullptr, nullptr, nullptr, true},
      // the view
      {"E0305", {"file = \"/F/f\", text = \"\"", "dir = \"/F/f/x\""}},
      {"E0306", {"tmpfs = \"/R\", readonly = true", "dir = \"/R/x\""}},
      {"E0306", {"tmpfs = \"/R\"", "remount = \"/R\", readonly = true", "file = \"/R/x\", text = \"\""}},
      {"E0306", {"dev = \"/R\"", "dir = \"/R/x\""}},
      {"E0307", {"dir = \"/K\"", "symlink = \"/K\", to = \"x\""}},
      {"E0307", {"dir = \"/K\"", "file = \"/K\", text = \"\""}},
      {"E0308", {"file = \"/H/f\", text = \"x\"", "tmpfs = \"/H\""}, nullptr, nullptr, "/H/f", "missing"},
      {"E0308", {"bind = \"/H\", from = \"@/x\"", "bind = \"/H\", from = \"@/y\""}, nullptr, nullptr, "/H/c", "missing"},
      {"E0309", {"dir = \"/N\"", "remount = \"/N\", readonly = true"}},
      {"E0311", {"symlink = \"/L\", to = \"nowhere-at-all\"", "dir = \"/L/x\""}},
      {"E0311", {"symlink = \"/L\", to = \"M\"", "symlink = \"/M\", to = \"L\"", "dir = \"/L/x\""}},
      {"E0312", {"tmpfs = \"/S\", inodes = 2", "dir = \"/S/a\"", "dir = \"/S/b/c\""}},
      {"E0307", {"symlink = \"/L\", to = \"/\"", "file = \"/L\", text = \"x\""}},
      {"E0307", {"symlink = \"/L\", to = \"/\"", "tmpfs = \"/L\""}},
      {"E0341", {"tmpfs = \"/N\"", "remount = \"/N\""}, nullptr, nullptr, "write:/N/file", "ok"},
      {"E0347", {"bind = \"/E\", from = \"@/x\"", "etc = \"/E\", from = \"@/y\""}},
      {"E0350", {}, nullptr, "[[daemon]]\npath = \"/.probe\"\nready = \"/usr/bin\"\n"},
      {"E0351", {}, nullptr, "[[daemon]]\npath = \"/.probe\"\nready = \"/usr-is-not-there\"\ntimeout = \"50ms\"\n"},
      {"E0356", {}, nullptr, "[[landlock.path]]\npath = \"/nowhere\"\naccess = [\"read\"]\n"},
      {"E0357", {}, nullptr, "[[landlock.path]]\npath = \"/F\"\naccess = [\"read-dir\"]\n"},
      // overlays, from the text
      {"E0320", {"overlay = \"/O\", lower = []"}},
      {"E0322", {"overlay = \"/O\", lower = [\"@/x\"]"}},
      {"E0323", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\""}},
      {"E0324", {"overlay = \"/O\", lower = [\"@/x\", \"@/y\"], work = \"@/work\""}, nullptr, nullptr, "write:/O/new", "refused 30", "work"},
      {"E0325", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up2\", work = \"@/work\", ephemeral = true"}, nullptr, nullptr, "write:/O/new", "ok", "up2"},
      {"E0326", {"overlay = \"/O\", lower = [\"@/x\", \"@/y\", \"@/x\"]"}},
      {"E0327", {"overlay = \"/O\", lower = [\"@/x\", \"@/x/a\"]"}},
      {"E0327", {"overlay = \"/O\", lower = [\"@/x/a\", \"@/y\", \"@/x\"]"}},
      {"E0328", {"overlay = \"/O\", lower = [\"@/up/in\"], upper = \"@/up\", work = \"@/work\""}},
      {"E0328", {"overlay = \"/O\", lower = [\"@/up\"], upper = \"@/up\", work = \"@/work\""}},
      {"E0328", {"overlay = \"/O\", lower = [\"@/up\"], upper = \"@/up2\", work = \"@/up\""}},
      {"E0329", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/up\""}},
      {"E0329", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/up/in\""}},
      {"E0329", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up/in\", work = \"@/up\""}},
      {"E0330", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/work\"", "overlay = \"/P\", lower = [\"@/y\"], upper = \"@/up2\", work = \"@/work\""}},
      {"E0330", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/work\"", "overlay = \"/P\", lower = [\"@/y\"], upper = \"@/up\", work = \"@/work2\""}},
      {"W0320", {"overlay = \"/O\", lower = [\"@/z\"], upper = \"@/z/up\", work = \"@/z/work\""}, nullptr, nullptr, "write:/O/up/new", "refused 40"},
      {"W0321", {"bind = \"/W\", from = \"@/y\", write = true", "overlay = \"/O\", lower = [\"@/x\", \"@/y\"]"}, nullptr, nullptr, "write:/W/new", "ok"},
      {"W0322", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/up\", work = \"@/work\"", "overlay = \"/P\", lower = [\"@/up\", \"@/y\"]"}, nullptr, nullptr, "write:/O/new", "ok"},
      // tmpfs
      {"E0225", {"tmpfs = \"/I\", size = 0"}, nullptr, nullptr, "room:/I", "0 ", nullptr, "size=0"},
      {"E0226", {"tmpfs = \"/I\", mode = \"17000\""}, nullptr, nullptr, "write:/I/new", "refused 13", nullptr, "mode=10000"},
      {"W0331", {"tmpfs = \"/I\", size = 5000"}, nullptr, nullptr, "room:/I", "8192 "},
      {"W0332", {"tmpfs = \"/I\", inodes = 1"}, nullptr, nullptr, "write:/I/new", "refused 28"},
      {"W0361", {"tmpfs = \"/I\", size = 1099511627776"}, nullptr, nullptr, "room:/I", "1099511627776 "},
      // the host
      {"E0360", {"bind = \"/S\", from = \"@/missing\""}},
      {"E0360", {"overlay = \"/O\", lower = [\"@/x\", \"@/missing\"]"}},
      {"E0360", {kLayers, "overlay = \"/Q\", lower = [\"/O\", \"@/z\"]"}},
      {"E0361", {"dir = \"/S\"", "bind = \"/S\", from = \"@/x/file\""}},
      {"E0361", {"tmpfs = \"/S\"", "file = \"/S/f\", text = \"\"", "bind = \"/S/f\", from = \"@/x\""}},
      {"E0361", {"overlay = \"/O\", lower = [\"@/x\", \"@/y/a/file\"]"}},
      {"E0362", {"overlay = \"/O\", lower = [\"@/y\"], upper = \"@/up\", work = \"/dev/shm\""}},
      {"E0362", {"overlay = \"/O\", lower = [\"@/y\"], upper = \"@/up\", work = \"@/m/bind/c\""}},
      {"E0363", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"/proc\", work = \"@/work\""}},
      {"E0363", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/m/merged/up\", work = \"@/m/merged/work\""}},
      {"E0364", {"overlay = \"/O\", lower = [\"@/x\", \"/dev\"]"}},
      {"E0364", {"overlay = \"/O\", lower = [\"@/m/tree\"], ephemeral = true"}},
      {"E0365", {"overlay = \"/O\", lower = [\"@/x\"], upper = \"@/m/tree/closed/a\", work = \"@/m/tree/closed/d\""}},
      {"E0366", {"bind = \"/T\", from = \"@/x\"", "tmpfs = \"/T/missing\""}},
      {"E0366", {"bind = \"/T\", from = \"@/x\", write = true", "dir = \"/T/missing/more\""}},
      {"E0366", {kLayers, "dir = \"/O/missing\""}},
      {"E0366", {"proc = \"/T\"", "dir = \"/T/missing\""}},
      {"E0369", {"bind = \"/W\", from = \"@/y\", write = true", "bind = \"/S\", from = \"@/y/link\""}},
      {"E0370", {"overlay = \"/O\", lower = [\"@/m/twice\"], ephemeral = true"}},
  };
  // clang-format on
  return all;
}

std::string Draft::text(const std::filesystem::path& world) const {
  std::string out = "immure = 1\nname = \"d\"\n";
  if (system) out += "extends = [\"immure:system\"]\n";
  out += "fs = [\n  { bind = \"/.probe\", from = \"@/probe\" },\n";
  for (const Entry& entry : entries) {
    out += "  { " + entry.op;
    for (const std::string& key : entry.keys) out += ", " + key;
    out += " },\n";
  }
  out += "]\n";
  if (!variables.empty()) {
    out += "[launch]\nvariables = [";
    for (const std::string& variable : variables) out += "\"" + variable.substr(0, variable.find('=')) + "\", ";
    out += "]\n";
  }
  out += "[seccomp]\nenabled = false\n[program]\npath = \"" + program + "\"\n";
  if (cwd != "/" && !rest.starts_with("cwd")) out += "cwd = \"" + cwd + "\"\n";
  return in_world(out + rest, world);
}

bool Draft::changes_the_world() const {
  const auto changes = [](const std::string& key) {
    return key.starts_with("create") || key.starts_with("ensure") || key.starts_with("upper") || key.starts_with("work") || key.starts_with("write");
  };
  return planted != nullptr || std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) { return std::any_of(entry.keys.begin(), entry.keys.end(), changes); });
}

std::string Generator::path(int deepest) {
  std::string out;
  for (int left = 1 + pick(deepest); left > 0; --left) out += std::string("/") + one_of({"a", "b", "c", "d", "file"});
  return out;
}

std::string Generator::target() { return chance(90) ? path(3) : one_of({"/d/null", "/d/shm", "/d/pts", "/d/shm/x", "/d/fd", "/a/file/x", "/usr/lib", "/.probe", "/lib64"}); }

std::string Generator::source() {
  return std::string("@/") + one_of({"x", "y", "z", "x/a", "x/file", "y/link", "y/to-file", "y/absolute", "m/tree", "m/merged", "m/bind", "m/tree/mount", "probe", "z/b/c"});
}

std::string Generator::link_contents() {
  switch (pick(7)) {
    case 0: return path(2).substr(1);
    case 1: return path(2);
    case 2: return "../" + path(1).substr(1);
    default: return one_of({"..", ".", "/", "../../a", "/usr/../a", "/d/shm", "a/"});
  }
}

void Generator::maybe(Entry& entry, const char* key, int percent) {
  if (chance(percent)) entry.keys.push_back(key);
}

Entry Generator::overlay(const std::string& target) {
  Entry out{"overlay = \"" + target + "\"", {}};
  const std::string first = one_of({"x", "y", "z", "x/a", "m/merged"});
  std::string lowers = "\"@/" + first + "\"";
  if (chance(70)) lowers += std::string(", \"@/") + one_of({"x", "y", "z", "m/bind", "m/tree/mount", "m/tree/closed"}) + "\"";
  out.keys.push_back("lower = [" + lowers + "]");
  switch (pick(4)) {
    case 0:
      out.keys.push_back("upper = \"@/up\"");
      out.keys.push_back("work = \"@/work\"");
      break;
    case 1:
    case 2: out.keys.push_back("ephemeral = true"); break;
    default: break;
  }
  maybe(out, "create = true", 15);
  return out;
}

Entry Generator::entry() {
  const std::string at = target();
  const auto with = [&](const char* op, std::vector<std::string> keys = {}) { return Entry{std::string(op) + " = \"" + at + "\"", std::move(keys)}; };
  Entry out;
  switch (pick(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      out = with("bind", {"from = \"" + source() + "\""});
      maybe(out, "write = true");
      if (chance(30)) out.keys.push_back("optional = true");
      else maybe(out, "ensure = true", 10);
      break;
    case 4: out = with("bind", {chance(80) ? "from = \"@/missing\"" : "from = \"@/ensured\"", "optional = true"}); break;
    case 5:
    case 6:
      out = with("tmpfs");
      maybe(out, "readonly = true");
      maybe(out, "exec = false", 30);
      maybe(out, "size = \"64KiB\"", 30);
      maybe(out, "inodes = 4", 15);
      maybe(out, "mode = \"0711\"", 30);
      break;
    case 7: out = overlay(at); break;
    case 8:
      out = with("proc");
      maybe(out, "harden = false");
      maybe(out, "optional = true", 20);
      break;
    case 9:
      out = chance(70) ? Entry{"dev = \"/d\"", {}} : with("dev");
      maybe(out, "write = true");
      break;
    case 10:
    case 11:
      out = with("dir");
      maybe(out, "mode = \"0700\"");
      break;
    case 12: out = with("file", {"text = \"x\""}); break;
    case 13: out = with("symlink", {"to = \"" + link_contents() + "\""}); break;
    case 14:
      out = with("remount", {"readonly = true"});
      maybe(out, "recursive = true");
      maybe(out, "noexec = true");
      break;
    default:
      out = chance(60) ? with("etc", {std::string("from = \"@/") + one_of({"x", "y", "z"}) + "\""})
                       : Entry{"root = \"/\"", {std::string("from = \"@/") + one_of({"x", "y", "z"}) + "\""}};
  }
  const bool can_create = !out.op.starts_with("remount") && !out.op.starts_with("etc") && !out.op.starts_with("root") && !out.op.starts_with("overlay");
  if (can_create) maybe(out, "create = true", 12);
  return out;
}

void Generator::add_variables(Draft& draft) {
  // A source that is known only when launching, and a target.
  if (chance(50)) {
    draft.variables.push_back(std::string("SOURCE=@/") + one_of({"x", "y", "x/file", "missing"}));
    draft.entries.push_back({"bind = \"" + path(2) + "\"", {"from = \"${SOURCE}\"", "optional = true"}});
  }
  draft.variables.push_back("TARGET=" + path(2));
  draft.entries.insert(draft.entries.begin() + pick(static_cast<int>(draft.entries.size()) + 1),
                       Entry{std::string("dir = \"") + one_of({"${TARGET}", "${TARGET}/a", "/a/${TARGET}", "/t${TARGET}"}) + "\"", {}});
  // A remount that may be for one of the mounts.
  const std::string& op = draft.entries[static_cast<std::size_t>(pick(static_cast<int>(draft.entries.size())))].op;
  const std::string at = op.substr(op.find('"') + 1, op.rfind('"') - op.find('"') - 1);
  if (!chance(50) || at.find('$') != std::string::npos) return;
  const bool below = at.starts_with("/a/") && chance(50);
  draft.variables.push_back("MOUNT=" + at.substr(below ? 2 : 0));
  draft.entries.push_back({std::string("remount = \"") + (below ? "/a/" : "") + "${MOUNT}\"", {"readonly = true"}});
  maybe(draft.entries.back(), "recursive = true");
}

void Generator::plant(Draft& draft) {
  const Fault& fault = faults()[static_cast<std::size_t>(pick(static_cast<int>(faults().size())))];
  draft.planted = &fault;
  // What hangs on the host, or on a variable, would be unknown where the fault is.
  std::erase_if(draft.entries,
                [](const Entry& entry) { return entry.op.starts_with("root") || entry.op.find('$') != std::string::npos || entry.op.find("/.probe") != std::string::npos; });
  for (const char* entry : fault.entries) draft.entries.push_back(parse_entry(entry));
  if (fault.program != nullptr) draft.program = fault.program;
  if (fault.rest != nullptr) draft.rest = fault.rest;
  if (std::string(fault.code) == "E0357") draft.entries.push_back(parse_entry("file = \"/F\", text = \"\""));
  if (fault.no_system) draft.system = false;
}

Draft Generator::draw() {
  Draft out;
  for (int left = 1 + pick(9); left > 0; --left) out.entries.push_back(entry());
  if (chance(40)) out.cwd = path(2);
  if (chance(10)) out.program = path(2);
  if (chance(10)) out.entries.push_back(Entry{"bind = \"/a/b\"", {"from = \"@/good-script\""}});
  if (chance(40)) plant(out);
  else if (chance(20)) add_variables(out);
  return out;
}

}  // namespace immure::test
