#include "compiler/diff.h"

#include "compiler/presets.h"
#include "compiler/seccomp.h"
#include "compiler/syscalls.h"
#include "tests/unit/from_text.h"

using namespace immure;
using namespace immure::test;

namespace {

/// "+ files /x: newly visible: host /x\n…" of two profiles, without the places.
std::string changes(const std::string& before, const std::string& after) {
  const Compiled a = compile(before), b = compile(after);
  const auto filter_of = [](const Compiled& side) -> std::optional<ResolvedPolicy> {
    if (const std::optional<SyscallPolicy> policy = program_policy(side.profile)) return resolve_numbers(*policy);
    return std::nullopt;
  };
  const std::optional<ResolvedPolicy> fa = filter_of(a), fb = filter_of(b);
  std::vector<Change> found;
  const Compared old_side{a.profile, a.view, fa}, new_side{b.profile, b.view, fb};
  diff_files(old_side, new_side, b.sources, found);
  diff_calls(old_side, new_side, syscall_name, found);
  std::string out;
  for (Change& change : found) change.place = {};
  return diff_text(found, b.sources, false);
}

std::string profile(const std::string& entries, const std::string& rest = "") {
  return "immure = 1\nextends = [\"immure:system\"]\nfs = [\n" + entries + "]\n[program]\npath = \"/usr/bin/true\"\n" + rest;
}

std::string fs_changes(const std::string& before, const std::string& after) { return changes(profile(before), profile(after)); }

}  // namespace

TEST_CASE("diff: every key of the language has a row") {
  std::string missing;
  const auto look = [&](const std::string& key) {
    if (!diff_knows(key)) missing += key + "\n";
  };
  const auto prefix = [](const std::string& table) { return table.empty() ? table : table + "."; };
  std::string at;
#define TABLE(Struct, member, path, doc) at = prefix(path);
#define KEY(member, key, Type, dflt, doc) look(at + key);
#define ROWS(Struct, member, path, doc) look(path);
#define OP(Struct, key, doc) at = prefix(std::string("fs.") + key);
#define OPKEY(member, key, Type, dflt, doc) look(at + key);
#include "schema/language.def"
  CHECK(missing == "");
}

TEST_CASE("diff: a reordering, and another spelling of the same, show nothing") {
  CHECK(fs_changes("{ tmpfs = \"/tmp\", size = \"1MiB\" }, { bind = \"/opt\" }, { dir = \"/a/b\" }\n",
                   "{ dir = \"/a/b\" }, { bind = \"/opt\", from = \"/opt\" }, { tmpfs = \"/tmp\", size = 1048576 }\n") == "");
  CHECK(fs_changes("{ bind = \"/srv\" }\n", "{ bind = \"/srv\" }, { bind = \"/srv/inner\" }\n") == "");
}

TEST_CASE("diff: the scopes of Landlock by name are the same as none written, and one less is a grant") {
  const auto keys = [](const std::string& before, const std::string& after) {
    const Compiled a = compile(profile("", before)), b = compile(profile("", after));
    std::vector<Change> found;
    diff_keys({a.profile, a.view, std::nullopt}, {b.profile, b.view, std::nullopt}, b.sources, found);
    for (Change& change : found) change.place = {};
    return diff_text(found, b.sources, false);
  };
  const std::string both = "[landlock]\nscope = [\"signal\", \"abstract-unix-socket\"]\n", one = "[landlock]\nscope = [\"signal\"]\n";
  CHECK(keys("", both) == "");
  CHECK(keys("", one) == "+ landlock.scope: `abstract-unix-socket` is gone\n");
}

TEST_CASE("diff: what becomes visible, writable or uncovered is a grant, the opposite takes") {
  const std::string narrow = "{ bind = \"/opt/a\" }\n", wide = "{ bind = \"/opt\", write = true }\n";
  CHECK(fs_changes(narrow, wide) == "+ files /opt: newly visible: host /opt, writable\n+ files /opt/a: newly writable\n");
  CHECK(fs_changes(wide, narrow) == "- files /opt: no longer visible: host /opt\n- files /opt/a: no longer writable\n");
  const std::string open = "{ bind = \"/srv\" }\n", covered = "{ bind = \"/srv\" }, { tmpfs = \"/srv/keys\", readonly = true }\n";
  CHECK(fs_changes(covered, open) == "+ files /srv/keys: no longer hidden: host /srv/keys instead of tmpfs\n");
  CHECK(fs_changes(open, covered) == "- files /srv/keys: now hidden: tmpfs instead of host /srv/keys\n");
}

TEST_CASE("diff: another source at the same place is a grant, another link is not") {
  CHECK(fs_changes("{ bind = \"/a\", from = \"/x\" }\n", "{ bind = \"/a\", from = \"/y\" }\n") == "+ files /a: newly visible: host /y instead of host /x\n");
  CHECK(fs_changes("{ symlink = \"/a\", to = \"usr/x\" }\n", "{ symlink = \"/a\", to = \"usr/y\" }\n") == "~ files /a: symlink to usr/y instead of symlink to usr/x\n");
}

TEST_CASE("diff: a dev is told as one") {
  CHECK(fs_changes("", "{ dev = \"/dev\" }\n") == "+ files /dev: newly visible: device nodes of a minimal /dev\n");
  CHECK(fs_changes("{ dev = \"/dev\" }\n", "{ dev = \"/dev\", nodes = [\"/dev/kvm\"] }\n") == "+ files /dev/kvm: newly visible: host /dev/kvm, perhaps writable\n");
}

TEST_CASE("diff: a target with a launch variable is compared as it is written") {
  const std::string variables = "[launch]\nvariables = [\"HOME\"]\n";
  const std::string before = profile("{ bind = \"${HOME}/a\", from = \"/srv\" }\n", variables),
                    after = profile("{ bind = \"${HOME}/a\", from = \"/srv\", write = true }\n", variables);
  CHECK(changes(before, before) == "");
  CHECK(changes(before, after).starts_with("+ files bind ${HOME}/a"));
}

TEST_CASE("diff: what may hide or hold back is a grant when it goes") {
  const auto both = [](const std::string& fs, const std::string& entry) {
    const std::string variables = "[launch]\nvariables = [\"V\"]\n";
    const std::string without = profile(fs, variables), with = profile(fs + entry, variables);
    return changes(with, without) + changes(without, with);
  };
  const std::string home = R"({ bind = "/home", from = "/srv/home", write = true },)"
                           "\n";
  const std::string gone = ": is gone, and what it may have hidden or held back is known at launch\n", new_one = ": is new, and where it stands is known at launch\n";
  CHECK(both(home, R"({ tmpfs = "/home/${V}/.ssh" },)"
                   "\n") == "+ files tmpfs /home/${V}/.ssh, exec `true`, mode `0755`" + gone + "+ files tmpfs /home/${V}/.ssh, exec `true`, mode `0755`" + new_one);
  CHECK(both(R"({ tmpfs = "/a" },)"
             "\n",
             R"({ remount = "/${V}", readonly = true },)"
             "\n") == "+ files remount /${V}, readonly `true`" + gone + "- files remount /${V}, readonly `true`" + new_one);
  // Which mount it is for is the host's to say.
  CHECK(both(home, R"({ remount = "/home/sub", readonly = true },)"
                   "\n") == "+ files remount /home/sub, readonly `true`" + gone + "- files remount /home/sub, readonly `true`" + new_one);
  const std::string opt = home + R"({ bind = "/home/q", from = "/srv/opt", write = true },)"
                                 "\n";
  CHECK(both(opt, R"({ remount = "/home/q", noexec = true },)"
                  "\n")
            .find("+ files") == 0);
  // Mounts of the host below it.
  CHECK(fs_changes(home + R"({ remount = "/home", readonly = true, recursive = true },)"
                          "\n",
                   home + R"({ remount = "/home", readonly = true },)"
                          "\n") == "+ files remount /home, readonly `true`, recursive `true`" + gone);
  CHECK(fs_changes(R"({ bind = "/home", from = "/srv/home" }, { bind = "/home/q", from = "/srv/opt" },)"
                   "\n",
                   R"({ bind = "/home", from = "/srv/home" }, { bind = "/home/q", from = "/srv/opt", optional = true },)"
                   "\n")
            .find("+ optional") != std::string::npos);
}

TEST_CASE("diff: system calls are compared by what the filters answer") {
  const std::string strict = profile(""), no_tty = profile("", "[seccomp]\npresets = [\"ext\", \"deny-ns\", \"deny-devel\"]\n"),
                    reordered = profile("", "[seccomp]\npresets = [\"deny-tty\", \"deny-devel\", \"deny-ns\", \"ext\"]\n");
  CHECK(changes(strict, reordered) == "");
  CHECK(changes(strict, no_tty) == "+ system calls ioctl: newly allowed, with some arguments\n");
  CHECK(changes(no_tty, strict) == "- system calls ioctl: no longer allowed, with some arguments\n");
}
