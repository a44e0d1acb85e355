// The view: what it knows, what it reports, and what it must not claim to know.
#include <chrono>

#include "compiler/sight.h"
#include "tests/unit/from_text.h"

using namespace immure;
using immure::test::compile;
using immure::test::compile_fs;

namespace {

/// The placement of the n-th entry that the text itself has.
const Placement& placement(const test::Compiled& compiled, std::size_t n) {
  constexpr std::size_t kSystem = 5;  // entries of immure:system
  return compiled.view.placements.at(kSystem + n);
}

Walk::End end_of(const test::Compiled& compiled, const char* path) { return compiled.view.walk(path, true).end; }

}  // namespace

TEST_CASE("simulate: what no entry puts there is missing, what is below a bind is unknown") {
  const auto c = compile_fs(R"({ dir = "/a/b" },)");
  CHECK(c.codes() == "");
  CHECK(end_of(c, "/a/b") == Walk::End::Found);
  CHECK(end_of(c, "/a/c") == Walk::End::Missing);
  CHECK(end_of(c, "/usr/bin/true") == Walk::End::Unknown);
  CHECK(end_of(c, "/bin/true") == Walk::End::Unknown);
  CHECK(end_of(c, "/bin/../../a/b") == Walk::End::Unknown);
}

TEST_CASE("simulate: a target knows its missing parents and that no link is on the way") {
  const auto c = compile_fs(R"({ tmpfs = "/a/b/c" }, { dir = "/a/d" }, { bind = "/usr/x" },)");
  CHECK(c.codes() == "");
  CHECK(placement(c, 0).missing());
  CHECK(placement(c, 0).parents == std::vector<std::string>{"/a", "/a/b"});
  CHECK(placement(c, 1).parents.empty());
  CHECK(placement(c, 1).trusted);
  CHECK_FALSE(placement(c, 2).trusted);
  CHECK(placement(c, 2).before == Placement::Target::Unknown);
}

TEST_CASE("simulate: parents of a restrictive tmpfs are no wider than it") {
  const auto c = compile_fs(R"({ tmpfs = "/a/b", mode = "0700" }, { tmpfs = "/c/d", mode = "1777" },)");
  CHECK(placement(c, 0).parent_mode == 0700);
  CHECK(placement(c, 1).parent_mode == 0755);
}

TEST_CASE("simulate: a target through links of ours is where they lead") {
  const auto c = compile_fs(R"({ dir = "/run" }, { symlink = "/var/run", to = "../run" }, { tmpfs = "/var/run/user" },)");
  CHECK(c.codes() == "");
  CHECK(placement(c, 2).path == "/run/user");
  CHECK(placement(c, 2).trusted);
}

TEST_CASE("simulate: a path that is too long once links are followed is left as it is written") {
  std::string deep = "/a";
  for (int i = 0; i < 1000; ++i) deep += "/bbb";
  const auto c = compile_fs("{ dir = \"" + deep + "\" }, { symlink = \"/l\", to = \"" + deep + "\" }, { dir = \"/l/" + std::string(200, 'x') + "\" },");
  CHECK(c.codes() == "");
  CHECK(placement(c, 2).path.empty());
  CHECK_FALSE(placement(c, 2).trusted);
}

TEST_CASE("simulate: links of ours can make a tree far deeper than a path, which costs neither stack nor memory") {
  std::string deep;
  for (int i = 0; i < 1900; ++i) deep += "/b";
  std::string entries = "{ dir = \"/a" + deep + "\" }, { symlink = \"/s0\", to = \"a" + deep + "\" },";
  for (int k = 0; k < 30; ++k) {
    const std::string from = "s" + std::to_string(k);
    entries += "{ dir = \"/" + from + deep + "\" }, { symlink = \"/s" + std::to_string(k + 1) + "\", to = \"" + from + deep + "\" },";
  }
  CHECK(compile_fs(entries).codes() == "");
}

TEST_CASE("simulate: a target with a variable makes what lies below its literal beginning unknown") {
  const std::string launch = "[launch]\nvariables = [\"WHO\"]\n";
  const auto c = compile_fs(R"({ tmpfs = "/home/${WHO}" }, { tmpfs = "/home/x" }, { tmpfs = "/srv" },)", launch);
  CHECK(c.codes() == "");
  CHECK(end_of(c, "/home/y") == Walk::End::Unknown);
  CHECK(end_of(c, "/srv/y") == Walk::End::Missing);
  CHECK_FALSE(placement(c, 1).trusted);
  CHECK(placement(c, 2).trusted);
}

TEST_CASE("simulate: a target that starts with a variable reaches only paths with its first literal name") {
  const std::string launch = "[launch]\nvariables = [\"HOME\"]\n";
  const auto c = compile_fs(R"({ bind = "${HOME}/notes" }, { tmpfs = "/srv" },)", launch);
  CHECK(end_of(c, "/opt/notes/x") == Walk::End::Unknown);
  CHECK(end_of(c, "/opt/x") == Walk::End::Missing);
  CHECK(placement(c, 1).before == Placement::Target::Unknown);  // it may be a parent of the first
  const auto any = compile_fs(R"({ bind = "${HOME}" },)", launch);
  CHECK(end_of(any, "/opt/x") == Walk::End::Unknown);
}

TEST_CASE("simulate: the program is looked for past a target with a variable that cannot reach it") {
  const std::string head = "immure = 1\nlaunch.variables = [\"HOME\"]\nfs = [{ bind = \"${HOME}/";
  CHECK(compile(head + "notes\" }]\n[program]\npath = \"/usr/bin/python3\"\n").codes() == "E0301");
  CHECK(compile(head + "bin\" }]\n[program]\npath = \"/usr/bin/python3\"\n").codes() == "W0348");
}

TEST_CASE("simulate: a parent that a target with a variable may have made first has no mode that is known") {
  const auto c = compile_fs(R"({ dir = "${TARGET}/a" }, { tmpfs = "/x/y", mode = "0711" }, { dir = "/z", mode = "0700" },)", "[launch]\nvariables = [\"TARGET\"]\n");
  for (const char* path : {"/x", "/z"}) CHECK_FALSE(c.view.nodes[c.view.walk(path, true).node].mode_known);
  const auto without = compile_fs(R"({ tmpfs = "/x/y", mode = "0711" },)");
  CHECK(without.view.nodes[without.view.walk("/x", true).node].mode_known);
}

TEST_CASE("simulate: what stands below a tmpfs that a variable can reach, or an etc fills, is not known") {
  const std::string variable = "[launch]\nvariables = [\"TARGET\"]\n";
  const auto c = compile_fs(R"({ dir = "/t${TARGET}" }, { dev = "/d", write = true }, { symlink = "/d/a/c", to = "x" }, { proc = "/proc" },)", variable);
  CHECK(sight_of(c.profile, c.view, "/d/a").what == Sight::What::Unknown);
  const auto etc = compile_fs(R"({ tmpfs = "/c" }, { etc = "/c" },)");
  CHECK(sight_of(etc.profile, etc.view, "/c/a").what == Sight::What::Unknown);
  CHECK(sight_of(etc.profile, etc.view, "/c").what == Sight::What::Tmpfs);
}

TEST_CASE("simulate: a remount of a mount that a variable may have covered leaves its flags open") {
  const auto c = compile_fs(R"({ dir = "/t${TARGET}" }, { tmpfs = "/c" }, { remount = "/c", readonly = true },)", "[launch]\nvariables = [\"TARGET\"]\n");
  const Sight sight = sight_of(c.profile, c.view, "/c");
  CHECK_FALSE(sight.certain);
  CHECK(sight.write == Sight::Write::Unknown);
  CHECK(placement(c, 2).open);
}

TEST_CASE("simulate: a remount whose target has a variable leaves open what it can reach, and no more") {
  const std::string variable = "[launch]\nvariables = [\"X\"]\n";
  const auto write = [&](const std::string& remount, const char* path) {
    const auto c = compile_fs(R"({ tmpfs = "/a" }, { bind = "/a/h", from = "/srv", write = true }, { tmpfs = "/b" }, { tmpfs = "/c/log" }, { remount = ")" + remount +
                                  R"(", readonly = true }, { tmpfs = "/a/late" }, { symlink = "/c/l", to = "/b" },)",
                              variable);
    return sight_of(c.profile, c.view, path).write;
  };
  using Write = Sight::Write;
  CHECK(write("/a/${X}", "/a/h") == Write::Unknown);
  CHECK(write("/a/${X}", "/a/h/in") == Write::Unknown);
  CHECK(write("/a/${X}", "/a/late") == Write::Yes);
  CHECK(write("/a/${X}", "/b") == Write::Yes);
  CHECK(write("/a/${X}", "/c/log") == Write::Yes);
  CHECK(write("${X}/log", "/c/log") == Write::Unknown);
  CHECK(write("${X}/log", "/b") == Write::Yes);
  CHECK(write("${X}", "/b") == Write::Unknown);
  CHECK(write("${X}", "/usr") == Write::No);
  const auto linked = compile_fs(R"({ tmpfs = "/b" }, { symlink = "/c/l", to = "/b" }, { remount = "/c/${X}", readonly = true },)", variable);
  CHECK(sight_of(linked.profile, linked.view, "/b").write == Write::Unknown);
}

TEST_CASE("simulate: a remount below the host's content leaves open what is there, and nothing above") {
  const auto c = compile_fs(R"({ bind = "/h", from = "/srv", write = true }, { tmpfs = "/t" }, { remount = "/h/in/part", noexec = true },)");
  const auto at = [&](const char* path) { return sight_of(c.profile, c.view, path); };
  CHECK(at("/h").write == Sight::Write::Host);
  CHECK(at("/h/in").write == Sight::Write::Host);
  CHECK(at("/h/in/part/file").write == Sight::Write::Unknown);
  CHECK(at("/h/in/part/file").may_have_more);
  CHECK_FALSE(at("/h/in/other").may_have_more);
  CHECK(at("/t").write == Sight::Write::Yes);
  CHECK_FALSE(at("/t").certain);  // the host's `in` may be a link to it
}

TEST_CASE("simulate: a remount that is not recursive says nothing of what the host has mounted below") {
  const std::string bind = R"({ bind = "/h", from = "/srv", write = true }, { remount = "/h", readonly = true)";
  const auto write = [&](const std::string& entries, const char* path) {
    const auto c = compile_fs(entries);
    return sight_of(c.profile, c.view, path).write;
  };
  using Write = Sight::Write;
  CHECK(write(bind + " },", "/h") == Write::No);
  CHECK(write(bind + " },", "/h/in") == Write::Unknown);
  CHECK(write(bind + ", recursive = true },", "/h/in") == Write::No);
  CHECK(write(bind + R"( }, { remount = "/h", readonly = true, recursive = true },)", "/h/in") == Write::No);
  CHECK(write(R"({ bind = "/h", from = "/srv" }, { remount = "/h", readonly = true },)", "/h/in") == Write::No);
  CHECK(write(R"({ tmpfs = "/h" }, { dir = "/h/in" }, { remount = "/h", readonly = true },)", "/h/in") == Write::No);
}

TEST_CASE("simulate: where nobody can say what stands there, nobody can say that it is read-only") {
  const auto root = compile("immure = 1\nfs = [{ root = \"/\", from = \"/srv\", write = true }]\n[program]\npath = \"/usr/bin/true\"\n");
  CHECK(sight_of(root.profile, root.view, "/home/x").write == Sight::Write::Unknown);
  const auto bind = compile_fs(R"({ bind = "/data/${X}", from = "/srv", write = true },)", "[launch]\nvariables = [\"X\"]\n");
  CHECK(sight_of(bind.profile, bind.view, "/data/x").write == Sight::Write::Unknown);
}

TEST_CASE("simulate: a tmpfs over the root launches where it comes first, and then is no root of ours") {
  CHECK(compile("immure = 1\nfs = [{ tmpfs = \"/\" }, { bind = \"/usr\" }]\n[program]\npath = \"/usr/bin/true\"\n").codes().find("E0310") != std::string::npos);
  CHECK(compile_fs(R"({ tmpfs = "/" },)").codes() == "E0307");
}

TEST_CASE("simulate: an optional proc leaves a directory where the kernel gives none") {
  CHECK(placement(compile_fs(R"({ proc = "/c", optional = true }, { bind = "/c", from = "/srv/x" },)"), 1).before == Placement::Target::Directory);
}

TEST_CASE("simulate: an optional entry hides nothing for certain") {
  CHECK(compile_fs(R"({ tmpfs = "/a" }, { bind = "/a", from = "/srv", optional = true },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/a" }, { bind = "/a", from = "/srv" },)").codes() == "E0308");
}

TEST_CASE("simulate: what an optional entry may have left in sight is hidden by the next certain one") {
  CHECK(compile_fs(R"({ tmpfs = "/a" }, { bind = "/a", from = "/srv", optional = true }, { tmpfs = "/a" },)").codes() == "E0308 E0308");
}

TEST_CASE("simulate: each entry below a cover is reported, a mount point of its own is not") {
  CHECK(compile_fs(R"({ bind = "/h/a", from = "/srv/a" }, { bind = "/h/b", from = "/srv/b" }, { tmpfs = "/h" },)").codes() == "E0308 E0308");
  CHECK(compile_fs(R"({ dir = "/h" }, { tmpfs = "/h" },)").codes() == "");
}

TEST_CASE("simulate: a fragment's entry may be covered by the profile that extends it") {
  const std::string fragment = "immure = 1\nfs = [{ bind = \"/usr\" }, { bind = \"/lib64\" }, { bind = \"/srv/a\" }]\n";
  CHECK(compile("immure = 1\nextends = [\"base.toml\"]\nfs = [{ tmpfs = \"/srv\" }]\n[program]\npath = \"/usr/bin/true\"\n", fragment).codes() == "");
}

TEST_CASE("simulate: what lies below host content is never reported as hidden") {
  CHECK(compile_fs(R"({ bind = "/srv" }, { tmpfs = "/srv/a" }, { tmpfs = "/srv/a" },)").codes() == "");
}

TEST_CASE("simulate: a link with the same contents may be repeated, another may not") {
  CHECK(compile_fs(R"({ symlink = "/x", to = "y" }, { symlink = "/x", to = "y" },)").codes() == "");
  CHECK(compile_fs(R"({ symlink = "/x", to = "y" }, { symlink = "/x", to = "z" },)").codes() == "E0307");
}

TEST_CASE("simulate: kinds that exclude one another") {
  CHECK(compile_fs(R"({ file = "/x", text = "" }, { tmpfs = "/x" },)").codes() == "E0307");
  CHECK(compile_fs(R"({ dir = "/x" }, { file = "/x", text = "" },)").codes() == "E0307");
  CHECK(compile_fs(R"({ tmpfs = "/x/y" }, { symlink = "/x", to = "z" },)").codes() == "E0307");
  CHECK(compile_fs(R"({ file = "/x", text = "" }, { bind = "/x", from = "/srv/x" },)").codes() == "E0308");
  CHECK(compile_fs(R"({ bind = "/x", from = "/srv/x" }, { dir = "/x" },)").codes() == "");
}

TEST_CASE("simulate: links that lead nowhere, or in circles") {
  CHECK(compile_fs(R"({ symlink = "/x", to = "y" }, { dir = "/x/z" },)").codes() == "E0311");
  CHECK(compile_fs(R"({ symlink = "/x", to = "y" }, { tmpfs = "/x" },)").codes() == "E0311");
  CHECK(compile_fs(R"({ symlink = "/x", to = "y" }, { symlink = "/y", to = "x" }, { dir = "/x/z" },)").codes() == "E0311");
  CHECK(compile_fs(R"({ symlink = "/x", to = "usr/y" }, { dir = "/x/z" },)").codes() == "");
}

TEST_CASE("simulate: nothing is made on a sealed mount, and what is there may be covered") {
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev" }, { bind = "/dev/dri" },)").codes() == "E0306");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev" }, { tmpfs = "/dev/shm" },)").codes() == "");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev", write = true }, { bind = "/dev/dri" },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/a", readonly = true }, { dir = "/a/b" },)").codes() == "E0306");
  CHECK(compile_fs(R"({ tmpfs = "/a" }, { dir = "/a/b" }, { remount = "/a", readonly = true }, { tmpfs = "/a/b" },)").codes() == "");
  CHECK(compile_fs(R"({ bind = "/a", from = "/srv" }, { dir = "/a/b" },)").codes() == "");
}

TEST_CASE("simulate: a recursive remount reaches the mounts that are there, not later ones") {
  const std::string before = R"({ tmpfs = "/a" }, { tmpfs = "/a/b" }, { remount = "/a", readonly = true, recursive = true },)";
  CHECK(compile_fs(before + R"({ dir = "/a/b/c" },)").codes() == "E0306");
  CHECK(compile_fs(before + R"({ tmpfs = "/a/b" }, { dir = "/a/b/c" },)").codes() == "E0308");
}

TEST_CASE("simulate: remount needs a mount, and says nothing where it cannot know") {
  CHECK(compile_fs(R"({ remount = "/a", readonly = true },)").codes() == "E0309");
  CHECK(compile_fs(R"({ dir = "/a" }, { remount = "/a", readonly = true },)").codes() == "E0309");
  CHECK(compile_fs(R"({ remount = "/usr/local", readonly = true },)").codes() == "");
  CHECK(compile_fs(R"({ remount = "/", noexec = true },)").codes() == "");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev" }, { remount = "/dev/shm", noexec = true },)").codes() == "");
}

TEST_CASE("simulate: a dir that exists keeps its mode") {
  CHECK(compile_fs(R"({ tmpfs = "/a/b" }, { dir = "/a", mode = "0700" },)").codes() == "W0301");
  CHECK(compile_fs(R"({ tmpfs = "/a/b" }, { dir = "/a" },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/a/b" }, { dir = "/a", mode = "0755" },)").codes() == "");
}

TEST_CASE("simulate: an entry at fault is left out, so that later ones are not blamed") {
  CHECK(compile_fs(R"({ file = "/x", text = "" }, { dir = "/x/y" }, { remount = "/x/y", readonly = true }, { dir = "/x/y/z" },)").codes() == "E0305 E0309 E0305");
}

TEST_CASE("simulate: ten thousand entries in well under a second") {
  std::string entries;
  for (int i = 0; i < 10'000; ++i) entries += "{ bind = \"/d/" + std::to_string(i / 100) + "/" + std::to_string(i) + "\", from = \"/srv\" },\n";
  auto c = compile_fs(entries);
  Diagnostics diags;
  const auto start = std::chrono::steady_clock::now();
  const View view = simulate(c.profile, diags);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(view.placements.size() == 10'005);
  CHECK(took.count() < 2.0);  // with sanitizers; a release build takes a few hundredths
}
