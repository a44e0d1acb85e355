// Rules across keys: each fires on its fault, and stays silent beside it. The catalogue's examples are run by a test of their own.
#include "compiler/check_own_files.h"
#include "tests/fake_host.h"
#include "tests/unit/from_text.h"

using immure::test::compile;
using immure::test::compile_fs;

namespace {
std::string overlay(const std::string& keys) { return compile_fs("{ overlay = \"/w\", " + keys + " },").codes(); }
const std::string kHome = "[launch]\nvariables = [\"HOME\"]\n";
}  // namespace

TEST_CASE("check: the three forms of an overlay are accepted") {
  CHECK(overlay(R"(lower = ["/a"], upper = "/u", work = "/k")") == "");
  CHECK(overlay(R"(lower = ["/a"], ephemeral = true)") == "");
  CHECK(overlay(R"(lower = ["/a", "/b"])") == "");
}

TEST_CASE("check: every other form is an error") {
  CHECK(overlay(R"(lower = [])") == "E0320");
  CHECK(overlay(R"(lower = ["/a"])") == "E0322");
  CHECK(overlay(R"(lower = ["/a"], upper = "/u")") == "E0323");
  CHECK(overlay(R"(lower = ["/a"], work = "/k")") == "E0322");
  CHECK(overlay(R"(lower = ["/a", "/b"], work = "/k")") == "E0324");
  CHECK(overlay(R"(lower = ["/a"], ephemeral = true, upper = "/u")") == "E0325");
  CHECK(overlay(R"(lower = ["/a"], ephemeral = true, work = "/k")") == "E0325");
}

TEST_CASE("check: five hundred lower directories are accepted, one more is not") {
  std::string lower;
  for (int i = 0; i < 500; ++i) lower += "\"/l/" + std::to_string(i) + "\", ";
  CHECK(overlay("lower = [" + lower + "]") == "");
  CHECK(overlay("lower = [" + lower + "\"/more\"]") == "E0321");
}

TEST_CASE("check: layers that are one another, or inside one another") {
  CHECK(overlay(R"(lower = ["/a", "/b", "/a"])") == "E0326");
  CHECK(overlay(R"(lower = ["/a/b", "/a"])") == "E0327");
  CHECK(overlay(R"(lower = ["/ab", "/a"])") == "");
  CHECK(overlay(R"(lower = ["/a", "/"], ephemeral = true)") == "E0327 W0337");
  CHECK(overlay(R"(lower = ["/u"], upper = "/u", work = "/k")") == "E0328");
  CHECK(overlay(R"(lower = ["/k/a"], upper = "/u", work = "/k")") == "E0328");
  CHECK(overlay(R"(lower = ["/a"], upper = "/u", work = "/u")") == "E0329");
  CHECK(overlay(R"(lower = ["/a"], upper = "/k/u", work = "/k")") == "E0329");
  CHECK(overlay(R"(lower = ["/a"], upper = "/a/u", work = "/k")") == "W0320");
}

TEST_CASE("check: layers with variables are compared by their text") {
  CHECK(compile_fs(R"({ overlay = "/w", lower = ["${HOME}/a", "${HOME}/a/b"] },)", kHome).codes() == "E0327");
  CHECK(compile_fs(R"({ overlay = "/w", lower = ["${HOME}/a", "/a/b"] },)", kHome).codes() == "");
  CHECK(compile_fs(R"({ overlay = "/w", lower = ["${HOME}/a", "${HOME:-/x}/a"] },)", kHome).codes() == "");
}

TEST_CASE("check: upper and work belong to one overlay") {
  const std::string first = R"({ overlay = "/v", lower = ["/a"], upper = "/u", work = "/k" },)";
  CHECK(compile_fs(first + R"({ overlay = "/w", lower = ["/a"], upper = "/u2", work = "/k2" },)").codes() == "");
  CHECK(compile_fs(first + R"({ overlay = "/w", lower = ["/a"], upper = "/k", work = "/k2" },)").codes() == "E0330");
  CHECK(compile_fs(first + R"({ overlay = "/w", lower = ["/a"], upper = "/u2", work = "/k" },)").codes() == "E0330");
}

TEST_CASE("check: a layer that is bound writable") {
  CHECK(compile_fs(R"({ bind = "/x", from = "/a", write = true }, { overlay = "/w", lower = ["/a/l"], ephemeral = true },)").codes() == "W0321");
  CHECK(compile_fs(R"({ bind = "/x", from = "/a" }, { overlay = "/w", lower = ["/a/l"], ephemeral = true },)").codes() == "");
}

TEST_CASE("check: one bind inside another that is writable") {
  const std::string wide = R"({ bind = "/srv", write = true },)";
  CHECK(compile_fs(wide + R"({ bind = "/srv/a", write = true },)").codes() == "W0330");
  CHECK(compile_fs(wide + R"({ bind = "/opt", from = "/srv/a" },)").codes() == "W0338");
  CHECK(compile_fs(wide + R"({ bind = "/srv/a" },)").codes() == "");
  CHECK(compile_fs(wide + R"({ bind = "/srv2", write = true },)").codes() == "");
  const auto alone = [](const std::string& entries) { return compile("immure = 1\nfs = [\n" + entries + "]\n[program]\npath = \"/bin/true\"\n").codes(); };
  const std::string root = R"({ root = "/", from = "/srv/tree", write = true },)";
  CHECK(alone(root + R"({ bind = "/x", from = "/srv/tree/opt/a" },)") == "W0338");
  CHECK(alone(root + R"({ bind = "/opt/a", from = "/srv/tree/opt/a" },)") == "");  // only narrows
  CHECK(alone(root + R"({ bind = "/x", from = "/srv/tree/tmp/a" },)") == "");      // which a `root` leaves out
  CHECK(alone(R"({ root = "/", from = "/srv/tree" }, { bind = "/x", from = "/srv/tree/opt/a" },)") == "");
}

TEST_CASE("check: a closed place below a directory that the program can rename") {
  const std::string wide = R"({ bind = "/work", from = "/srv/p", write = true },)";
  const std::string hooks = R"({ bind = "/work/.git/hooks", from = "/srv/p/.git/hooks" },)";
  CHECK(compile_fs(wide + hooks).codes() == "W0339");
  CHECK(compile_fs(wide + hooks + R"({ bind = "/work/.git/config", from = "/srv/p/.git/config" },)").codes() == "W0339");  // one directory, once
  CHECK(compile_fs(wide + R"({ bind = "/work/.git", from = "/srv/p/.git", write = true },)" + hooks).codes() == "");
  CHECK(compile_fs(wide + R"({ bind = "/work/.git", from = "/srv/p/.git" },)").codes() == "");  // right below: the mount point itself
  CHECK(compile_fs(wide + R"({ bind = "/work/a", from = "/srv/p/a", write = true }, { bind = "/work/a/b/c", from = "/srv/p/a/b/c" },)").codes() == "W0339");
  CHECK(compile_fs(wide + R"({ file = "/work/a/b", text = "" },)").codes() == "W0339");
  CHECK(compile_fs(wide + R"({ tmpfs = "/work/a/b", readonly = true },)").codes() == "W0339");
  CHECK(compile_fs(wide + R"({ bind = "/work/a/b", from = "/dev/null" },)").codes() == "W0339");
  // A remount, of the place or of all around it.
  const std::string other = R"({ bind = "/work/a/b", from = "/opt/b", write = true },)";
  CHECK(compile_fs(wide + other).codes() == "");
  CHECK(compile_fs(wide + other + R"({ remount = "/work/a/b", readonly = true },)").codes() == "");  // what mount this is for is known at launch alone
  CHECK(compile_fs(wide + other + R"({ remount = "/work", readonly = true, recursive = true },)").codes() == "");
  CHECK(compile_fs(wide + hooks + R"({ remount = "/work", readonly = true },)").codes() == "");
  // Nothing of the host is closed: it is new there, forgotten at the end, may be written, or is out of sight again.
  CHECK(compile_fs(wide + R"({ bind = "/work/a/b", from = "/opt/b", create = true }, { file = "/work/c/d", text = "", create = true },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/work" }, { bind = "/work/a/b", from = "/opt/b" },)").codes() == "");
  CHECK(compile_fs(R"({ bind = "/work", from = "/srv/p" }, { bind = "/work/a/b", from = "/opt/b" },)").codes() == "");
  CHECK(compile_fs(wide + R"({ tmpfs = "/work/a/b" },)").codes() == "");
  CHECK(compile_fs(wide + hooks + R"({ tmpfs = "/work" },)").codes() == "E0308");
  // Directories of a layer cannot be renamed at all.
  CHECK(compile_fs(R"({ overlay = "/work", lower = ["/srv/p"], upper = "/u", work = "/w" }, { bind = "/work/.git/hooks", from = "/srv/p/.git/hooks" },)").codes() == "");
}

TEST_CASE("check: a directory is bound once more for what is closed below it, and for nothing else") {
  const std::string wide = R"({ bind = "/srv", write = true },)";
  CHECK(compile_fs(wide + R"({ bind = "/srv/a", write = true }, { bind = "/srv/a/b" },)").codes() == "");
  CHECK(compile_fs(wide + R"({ bind = "/srv/a", write = true }, { bind = "/srv/c" },)").codes() == "W0330");
  CHECK(compile_fs(wide + R"({ bind = "/x", from = "/srv/a", write = true }, { bind = "/x/b", from = "/srv/a/b" },)").codes() == "W0330 W0338");
}

TEST_CASE("check: the host's root writable says it once") {
  CHECK(compile_fs(R"({ bind = "/host", from = "/", write = true }, { bind = "/srv", write = true },)").codes() == "W0336");
}

TEST_CASE("check: sizes and inodes of a tmpfs") {
  CHECK(compile_fs(R"({ tmpfs = "/a", size = 4096 }, { tmpfs = "/b", size = "10%" }, { tmpfs = "/c", inodes = 2 },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/a", size = 4097 }, { tmpfs = "/b", inodes = 1 },)").codes() == "W0331 W0332");
  CHECK(compile_fs("", "[root]\nsize = \"1KB\"\n").codes() == "W0331");
}

TEST_CASE("check: a file has exactly one kind of contents") {
  CHECK(compile_fs(R"({ file = "/a", text = "" }, { file = "/b", base64 = "" }, { file = "/c", source = "x" },)").codes() == "");
  CHECK(compile_fs(R"({ file = "/a" }, { file = "/b", text = "", base64 = "" }, { file = "/c", text = "", source = "x" },)").codes() == "E0342 E0342 E0342");
}

TEST_CASE("check: further devices lie below /dev, are no part of it, and are named once") {
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev", nodes = ["/dev/dri", "/dev/snd"] },)").codes() == "");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev", nodes = ["/dev/dri", "/dev/dri/card0"] },)").codes() == "E0345");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev", nodes = ["/dev/dri", "/dev/dri"] },)").codes() == "E0345");
  CHECK(compile_fs(R"({ proc = "/proc" }, { dev = "/dev", nodes = ["/sys/x", "/dev/pts", "/dev"] },)").codes() == "E0345 E0345 E0345");
}

TEST_CASE("check: secrets in sight, unless a later entry covers them") {
  CHECK(compile_fs(R"({ bind = "/home" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/home/me" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/home/me/work" },)").codes() == "");
  CHECK(compile_fs(R"({ bind = "/k", from = "/home/me/.ssh" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/k", from = "/home/me/.ssh/known_hosts" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/etc/shadow" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/etc" },)").codes() == "");
  CHECK(compile_fs(R"({ bind = "/run/docker.sock" },)").codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/host", from = "/" }, { tmpfs = "/host/home" }, { tmpfs = "/host/root" }, { tmpfs = "/host/run" }, { tmpfs = "/host/var/run" },)").codes() == "");
  CHECK(compile_fs(R"({ tmpfs = "/host/home" }, { bind = "/host", from = "/" },)").codes() == "E0308 W0337");
  CHECK(compile_fs(R"({ bind = "/h", from = "${HOME}" },)", kHome).codes() == "W0337");
  CHECK(compile_fs(R"({ bind = "/h", from = "${HOME}/work" },)", kHome).codes() == "");
}

TEST_CASE("check: a kept session wants deny-tty") {
  const std::string kept = "[process]\nnew-session = false\n";
  CHECK(compile_fs("", kept).codes() == "");
  CHECK(compile_fs("", kept + "[seccomp]\npresets = [\"strict\"]\n").codes() == "");
  CHECK(compile_fs("", kept + "[seccomp]\npresets = [\"ext\"]\n").codes() == "W0333");
  CHECK(compile_fs("", kept + "[seccomp]\nenabled = false\n").codes() == "W0333");
}

TEST_CASE("check: nested namespaces against what denies them") {
  const std::string nested = "[namespaces]\nnested = true\n";
  CHECK(compile_fs("", nested).codes() == "");
  CHECK(compile_fs("", nested + "[seccomp]\npresets = [\"deny-ns\"]\n").codes() == "E0343");
  CHECK(compile_fs(R"({ proc = "/proc" },)", nested).codes() == "W0334");
}

TEST_CASE("check: a profile or launcher below something writable, and nowhere else, is told") {
  const auto codes = [](const char* entries, const std::string& path) {
    auto c = compile_fs(entries);
    const std::size_t before = c.diags.sorted().size();
    immure::test::FakeHost host;
    host.directory("/srv/open");
    host.link("/srv/name", "/srv/open");
    immure::check_own_files(c.profile, {{"the profile", path}}, host, c.diags);
    const std::vector<immure::Diagnostic> all = c.diags.sorted();
    return all.size() == before ? std::string() : std::string(immure::info(all.back().code).id) + " " + std::to_string(all.size() - before);
  };
  const char* bind = R"({ bind = "/data", from = "/srv/open", write = true },)";
  CHECK(codes(bind, "/srv/open/a/x.toml") == "W0362 1");
  CHECK(codes(bind, "/srv/opener/x.toml") == "");
  CHECK(codes(bind, "") == "");
  CHECK(codes(R"({ bind = "/data", from = "/srv/name", write = true },)", "/srv/open/x.toml") == "W0362 1");
  CHECK(codes(R"({ bind = "/data", from = "/srv/open" },)", "/srv/open/x.toml") == "");
  CHECK(codes(R"({ overlay = "/o", lower = ["/srv/a"], upper = "/srv/up", work = "/srv/wk" },)", "/srv/up/x.toml") == "W0362 1");
  CHECK(codes(R"({ root = "/", from = "/srv/open", write = true },)", "/srv/open/x.toml") == "W0362 1");
  CHECK(codes(R"({ root = "/", from = "/srv/open" },)", "/srv/open/x.toml") == "");
}

TEST_CASE("check: names below /proc and /dev in arguments and variables are told where they certainly mean a file that is missing") {
  const auto codes = [](const std::string& entries, const std::string& rest) { return compile_fs(entries, rest).codes(); };
  const std::string dev = R"({ proc = "/proc" }, { dev = "/dev" },)";
  CHECK(codes("", "args = [\"/proc/self/maps\"]\n") == "W0346");
  CHECK(codes("", "args = [\"--random=/dev/urandom\"]\n") == "W0347");
  CHECK(codes(dev, "args = [\"/proc/self/maps\", \"/dev/urandom\"]\n") == "");
  CHECK(codes(dev, "args = [\"/dev/kvm\"]\n") == "W0347");
  CHECK(codes("", "[env]\nset = { GPG_TTY = \"/dev/tty\" }\n") == "W0347");
  // What the program makes itself, where it may.
  CHECK(codes(dev, "args = [\"--socket=/dev/shm/run/one\"]\n") == "");
  CHECK(codes(dev + R"({ remount = "/dev/shm", readonly = true },)", "args = [\"/dev/shm/one\"]\n") == "W0347");
  CHECK(codes(R"({ proc = "/proc" }, { dev = "/dev", write = true },)", "args = [\"/dev/log\"]\n") == "");
  CHECK(codes(R"({ dev = "/dev", mqueue = true },)", "args = [\"/dev/mqueue/one\"]\n") == "");
  // Devices and the kernel's own files nobody makes.
  CHECK(codes(R"({ proc = "/proc" }, { dev = "/dev", write = true },)", "args = [\"/dev/kvm\"]\n") == "W0347");
  CHECK(codes(R"({ proc = "/proc" }, { tmpfs = "/dev" },)", "args = [\"/dev/urandom\"]\n") == "W0347");
  CHECK(codes(R"({ tmpfs = "/proc" },)", "args = [\"/proc/self/maps\"]\n") == "W0346");
  // A link of /dev that leads into /proc: that is what is missing.
  CHECK(codes(R"({ dev = "/dev" },)", "args = [\"/dev/stdin\", \"/dev/fd/3\"]\n") == "W0346 W0346");
  CHECK(codes("", "args = [\"/dev/stdin\"]\n") == "W0347");
  CHECK(codes(R"({ dev = "/dev" },)", "") == "");
  // Patterns, addresses, what bash means connections by, and what a variable decides.
  CHECK(codes("", "args = [\"--exclude=/proc/*\", \"https://example.org/dev/null\", \": </dev/tcp/localhost/80\"]\n") == "");
  CHECK(codes("", "args = [\"/dev/${D}\", \"${D}/dev/null\"]\n[launch]\nvariables = [\"D\"]\n") == "");
}

TEST_CASE("check: a missing /proc is told of programs that read it, and of shells that are given commands or make files of them") {
  const auto codes = [](const std::string& program, const std::string& proc = "") {
    return compile("immure = 1\nextends = [\"immure:system\"]\nfs = [" + proc + "{ dev = \"/dev\" }]\n[program]\n" + program).codes();
  };
  const std::string proc = "{ proc = \"/proc\" }, ";
  for (const char* program :
       {"path = \"/usr/bin/ps\"\n", "path = \"/bin/sh\"\n", "path = \"/bin/bash\"\nargs = [\"--login\", \"-i\"]\n", "path = \"/bin/bash\"\nargs = [\"-c\", \"cat <(id)\"]\n"}) {
    CHECK(codes(program) == "W0346");
    CHECK(codes(program, proc) == "");
  }
  CHECK(codes("path = \"/bin/sh\"\nargs = [\"-c\", \"id\"]\n") == "");
  CHECK(codes("path = \"/bin/sh\"\nargs = [\"/usr/bin/script\"]\n") == "");
  CHECK(codes("path = \"/usr/bin/python3\"\nargs = [\"-c\", \"1 <(2)\"]\n") == "");
}

TEST_CASE("check: the program, its directory, and what most likely is missing") {
  const auto codes = [](const std::string& fs, const std::string& program) { return compile("immure = 1\nfs = [" + fs + "]\n[program]\n" + program).codes(); };
  CHECK(codes("", "path = \"/usr/bin/sh\"\n") == "E0301");
  CHECK(codes(R"({ bind = "/usr" })", "path = \"/bin/sh\"\n") == "E0301");
  CHECK(codes(R"({ bind = "/app" })", "path = \"/app\"\n") == "");
  CHECK(codes(R"({ tmpfs = "/app" })", "path = \"/app\"\n") == "E0302");
  CHECK(codes(R"({ file = "/app", text = "", mode = "0555" })", "path = \"/app\"\n") == "");
  CHECK(codes(R"({ file = "/app", text = "" })", "path = \"/app\"\n") == "E0303");
  CHECK(codes(R"({ bind = "/app" }, { remount = "/app", noexec = true })", "path = \"/app\"\n") == "E0303");
  CHECK(codes(R"({ bind = "/app" }, { tmpfs = "/tmp", exec = false }, { file = "/tmp/a", text = "", mode = "0555" })", "path = \"/tmp/a\"\n") == "");
  CHECK(codes(R"({ bind = "/app" })", "path = \"/app\"\ncwd = \"/w\"\n") == "E0304");
  CHECK(codes(R"({ bind = "/app" })", "path = \"/app\"\ncwd = \"/app/w\"\n") == "");
  CHECK(codes(R"({ bind = "/app" }, { file = "/w", text = "" })", "path = \"/app\"\ncwd = \"/w\"\n") == "E0304");
}
