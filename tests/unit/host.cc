// `check --host` against a host of our own.
#include "compiler/check_host.h"

#include "compiler/elf_needs.h"
#include "compiler/host_walk.h"
#include "tests/fake_host.h"
#include "tests/unit/from_text.h"

using namespace immure;
using namespace immure::test;

namespace {

/// The codes that the host adds.
std::string codes(const FakeHost& host, const std::string& entries, const std::string& program = "/usr/bin/true") {
  const Compiled compiled = compile("immure = 1\nextends = [\"immure:system\"]\nfs = [\n" + entries + "]\n[program]\npath = \"" + program + "\"\n");
  Diagnostics diags;
  check_host(compiled.profile, compiled.view, host, diags);
  std::string all;
  for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
  return all;
}

const std::string kOverlay = "{ overlay = \"/m\", lower = [\"/srv/a\"], upper = \"/srv/b\", work = \"/srv/work\" },\n";

}  // namespace

TEST_CASE("host: a sound profile gives nothing") {
  FakeHost host;
  host.mounts("");
  CHECK(codes(host, kOverlay + "{ bind = \"/srv/a\" }") == "");
}

TEST_CASE("host: sources that are missing, out of reach or of another kind") {
  FakeHost host;
  host.file("/srv/file", "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\" }") == "E0360");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\", optional = true }") == "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/none\", ensure = true }") == "");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/srv/file\", ensure = true }") == "");  // it is there
  CHECK(codes(host, "{ dir = \"/x\" }, { bind = \"/x\", from = \"/srv/file\" }") == "E0361");
  CHECK(codes(host, "{ file = \"/tmp/x\", text = \"\" }, { bind = \"/tmp/x\", from = \"/srv/a\" }") == "E0361");
  host.directory("/closed", 0700, 5);
  host.directory("/closed/in", 0755, 5);
  CHECK(codes(host, "{ bind = \"/x\", from = \"/closed/in\" }") == "E0360");
  host.access_list("/closed");  // which may let the caller in, whatever the bits say
  CHECK(codes(host, "{ bind = \"/x\", from = \"/closed/in\" }") == "");
  host.link("/dangling", "/none");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/dangling\" }") == "E0360");
}

TEST_CASE("host: layers of overlays") {
  FakeHost host;
  const auto two = [](const std::string& lower) { return "{ overlay = \"/m\", lower = [\"/srv/a\", \"" + lower + "\"] }"; };
  CHECK(codes(host, two("/none")) == "E0360");
  host.file("/srv/file", "");
  CHECK(codes(host, two("/srv/file")) == "E0361");
  CHECK(codes(host, two("/srv/work")) == "E0364");
  host.mounts("2 1 0:5 / /srv/b rw - tmpfs x rw\n");
  CHECK(codes(host, kOverlay) == "E0362");
  host.mounts("2 1 0:5 / /srv rw - overlay x rw\n");
  CHECK(codes(host, kOverlay) == "E0363 E0363");
  host.mounts("2 1 0:5 / /srv ro - ext4 x rw\n");
  CHECK(codes(host, kOverlay) == "E0365 E0365");
  host.mounts("");
  host.directory("/srv/work", 0755, 5);
  CHECK(codes(host, kOverlay) == "E0365");
  host.directory("/srv/work");
  host.file("/srv/a/others", "", 0666, 5);
  CHECK(codes(host, kOverlay) == "W0360");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/a\", \"/srv/b\"] }") == "");
}

TEST_CASE("host: a link below what the program may write is not followed") {
  FakeHost host;
  host.link("/srv/a/link", "/srv/b");
  CHECK(codes(host, "{ bind = \"/w\", from = \"/srv/a\", write = true }, { bind = \"/x\", from = \"/srv/a/link\" }") == "E0369");
  CHECK(codes(host, "{ bind = \"/w\", from = \"/srv/a\" }, { bind = \"/x\", from = \"/srv/a/link\" }") == "");
}

TEST_CASE("host: targets inside binds must be there") {
  FakeHost host;
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/a\" }") == "");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/x\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\", write = true }, { tmpfs = \"/d/x\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\", write = true }, { tmpfs = \"/d/x\", create = true }") == "");
  host.file("/srv/file", "");
  CHECK(codes(host, "{ bind = \"/d\", from = \"/srv\" }, { tmpfs = \"/d/file\" }") == "E0361");
}

TEST_CASE("host: targets below an overlay whose upper is the host's") {
  FakeHost host;
  host.mounts("");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/x\" }") == "E0366");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/x/y\" }") == "E0366");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/x\", create = true }") == "");
  CHECK(codes(host, kOverlay + "{ dir = \"/m/x\", create = true }, { tmpfs = \"/m/x/y\", create = true }") == "");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/a\"], ephemeral = true }, { tmpfs = \"/m/x\" }") == "");
  host.directory("/srv/b/x");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/x\" }") == "");
  host.file("/srv/a/file", "");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/file\" }") == "E0361");
  CHECK(codes(host, kOverlay + "{ file = \"/m/file\", text = \"\" }") == "");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/work\", \"/srv/a\"] }, { tmpfs = \"/m/file\" }") == "E0361");
  host.directory("/srv/b/file");
  CHECK(codes(host, kOverlay + "{ tmpfs = \"/m/file\" }") == "");
}

TEST_CASE("host: a source that the launcher makes is a directory") {
  FakeHost host;
  host.mounts("");
  const std::string ensured = "{ bind = \"/x\", from = \"/none\", ensure = true, write = true }";
  CHECK(codes(host, ensured, "/usr/bin/true\"\ncwd = \"/x") == "");
  CHECK(codes(host, ensured + ", { tmpfs = \"/x/in\" }") == "E0366");
  CHECK(codes(host, ensured + ", { tmpfs = \"/x\" }") == "");
  CHECK(codes(host, ensured + ", { bind = \"/x\", from = \"/usr/bin/true\" }") == "E0361");
}

TEST_CASE("host: what is refused though the bind's source is missing, or told of a link and not of what it leads to") {
  FakeHost host;
  host.mounts("");
  host.link("/srv/a/link", "/none");
  const std::string writable = "{ bind = \"/w\", from = \"/srv/a\", write = true }";
  CHECK(codes(host, writable + ", { bind = \"/x\", from = \"/srv/a/link\", optional = true }") == "E0369");
  host.directory("/closed", 0700, 5);
  host.link("/way", "/closed");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/way\", optional = true }, { tmpfs = \"/x\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/x\", from = \"/way\" }, { tmpfs = \"/x\" }") == "");  // by name, without a look into it
}

TEST_CASE("host: a remount below a proc is asked of this host's") {
  FakeHost host;
  host.mounts("");
  host.directory("/proc/there");
  CHECK(codes(host, "{ proc = \"/p\" }, { remount = \"/p/none\", readonly = true }") == "E0309");
  CHECK(codes(host, "{ proc = \"/p\" }, { remount = \"/p/there\", readonly = true }") == "");
  CHECK(codes(host, "{ proc = \"/p\" }, { remount = \"/p\", readonly = true }") == "");
}

TEST_CASE("host: the program and what it needs") {
  FakeHost host;
  CHECK(codes(host, "", "/usr/bin/none") == "E0301");
  CHECK(codes(host, "", "/bin/true") == "");
  CHECK(codes(host, "", "/usr/lib") == "E0302");
  host.file("/usr/bin/script", "#! /usr/bin/none -x\n", 0755);
  CHECK(codes(host, "", "/usr/bin/script") == "E0367");
  host.file("/usr/bin/script", "#!/bin/true\n", 0644);
  CHECK(codes(host, "", "/usr/bin/script") == "E0303");
  host.file("/usr/bin/script", "#!/bin/true\n", 0755);
  CHECK(codes(host, "", "/usr/bin/script") == "");
}

TEST_CASE("host: a size above the memory is a warning") {
  const FakeHost host;
  CHECK(codes(host, "{ tmpfs = \"/t\", size = \"1MiB\" }") == "");
  CHECK(codes(host, "{ tmpfs = \"/t\", size = \"2MiB\" }, { tmpfs = \"/u\", size = \"100%\" }") == "W0361");
}

TEST_CASE("host: the needs of a real program are found, and E0368 where a library is not in the view") {
  const std::unique_ptr<HostFiles> real = host_files();
  const Needs needs = needs_of([&](std::uint64_t offset, std::size_t size) { return real->read("/proc/self/exe", offset, size); });
  CHECK(needs.kind == Needs::Kind::Elf);
  CHECK(needs.interpreter.find("/ld-") != std::string::npos);
  CHECK(std::any_of(needs.libraries.begin(), needs.libraries.end(), [](const std::string& name) { return name.starts_with("libc.so"); }));
  CHECK(cached_libraries(real->read("/etc/ld.so.cache", 0, 1 << 24), "libc.so.6").size() < 20);
  CHECK(needs_of([](std::uint64_t, std::size_t) {
          return std::string(
              "\x7f"
              "ELF\2\1");
        }).libraries.empty());
  CHECK(info(Code::HostLibraryMissing).id == "E0368");
}

TEST_CASE("host: a remount of what is no mount below a file or an overlay") {
  FakeHost host;
  host.file("/srv/file", "");
  host.directory("/srv/a/in");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/file\" }, { remount = \"/c/x\", readonly = true }") == "E0309");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/file\" }, { remount = \"/c\", readonly = true }") == "");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/a\"], ephemeral = true }, { remount = \"/m/in\", readonly = true }") == "E0309");
  CHECK(codes(host, "{ overlay = \"/m\", lower = [\"/srv/a\"], ephemeral = true }, { remount = \"/m\", readonly = true }") == "");
}

TEST_CASE("host: a target past a directory that the caller may not search") {
  FakeHost host;
  host.directory("/closed", 0700, 5);
  host.directory("/closed/in", 0755, 5);
  host.link("/srv/link", "/closed");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/link\" }, { tmpfs = \"/c/in\" }") == "E0366");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/link\" }, { bind = \"/c/in\", from = \"/none\", optional = true }") == "");
  host.directory("/closed", 0711, 5);
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/link\" }, { tmpfs = \"/c/in\" }") == "");
}

TEST_CASE("host: what a remount reaches below a bind, by the mounts of this host") {
  FakeHost host;
  host.directory("/srv/a/same");
  host.directory("/srv/a/mnt");
  host.on_mount("/srv/a", 1);
  host.on_mount("/srv/a/same", 1);
  host.on_mount("/srv/a/mnt", 2);
  const auto c = compile_fs(R"({ bind = "/h", from = "/srv/a", write = true }, { remount = "/h", readonly = true },)");
  const HostWalk walk(c.profile, c.view, host);
  CHECK(walk("/h/same").sight.write == Sight::Write::No);
  CHECK(walk("/h/mnt").sight.write == Sight::Write::Host);
  CHECK_FALSE(walk("/h/mnt").sight.may_have_more);
  host.on_mount("/srv/a/mnt", 0);
  CHECK(walk("/h/mnt").sight.write == Sight::Write::Unknown);
}

TEST_CASE("host: a bind of a file over an optional proc") {
  FakeHost host;
  host.file("/srv/file", "");
  CHECK(codes(host, "{ proc = \"/c\", optional = true }, { bind = \"/c\", from = \"/srv/file\" }") == "E0361");
}

TEST_CASE("host: a target through a link of the host that leads to nothing inside") {
  FakeHost host;
  host.link("/srv/a/l", "/srv/b");  // the host has that, and the sandbox has not
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/a\" }, { tmpfs = \"/c/l\" }") == "E0311");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/a\", write = true }, { symlink = \"/c/l/x\", to = \"y\", create = true }") == "E0311");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/a\" }, { dir = \"/srv/b\" }, { tmpfs = \"/c/l\" }") == "");
  CHECK(codes(host, "{ bind = \"/c\", from = \"/srv/a\" }, { bind = \"/c/l\", from = \"/none\", optional = true }") == "");
}

TEST_CASE("host: a broken link below an overlay, at a remount, of the profile itself, and one that goes in circles") {
  FakeHost host;
  host.mounts("");
  host.link("/srv/a/l", "/none");
  host.link("/srv/a/round", "round");
  host.file("/srv/a/file", "");
  host.link("/srv/a/through", "file/x");
  const std::string layers = "{ overlay = \"/m\", lower = [\"/srv/a\", \"/srv/b\"] }, ", thrown_away = "{ overlay = \"/m\", lower = [\"/srv/a\"], ephemeral = true }, ";
  for (const std::string& overlay : {layers, thrown_away})
    for (const char* entry : {"{ tmpfs = \"/m/l\" }", "{ dir = \"/m/l\" }", "{ file = \"/m/l\", text = \"\" }", "{ dir = \"/m/l/x\" }", "{ remount = \"/m/l\", readonly = true }"})
      CHECK(codes(host, overlay + entry) == "E0311");
  const std::string bind = "{ bind = \"/c\", from = \"/srv/a\", write = true }, ";
  CHECK(codes(host, bind + "{ remount = \"/c/l\", readonly = true }") == "E0311");
  CHECK(codes(host, bind + "{ tmpfs = \"/c/round\" }") == "E0311");
  CHECK(codes(host, bind + "{ tmpfs = \"/c/through\" }") == "E0311");
  CHECK(codes(host, bind + "{ symlink = \"/own\", to = \"/c/none\" }, { tmpfs = \"/own\", create = true }") == "E0311");
  CHECK(codes(host, bind + "{ symlink = \"/own\", to = \"/c/none\" }, { dir = \"/own/x\", create = true }") == "E0311");
  CHECK(codes(host, bind + "{ symlink = \"/own\", to = \"/c\" }, { dir = \"/own/x\", create = true }") == "");
  CHECK(codes(host, bind + "{ symlink = \"/c/own\", to = \"none\", create = true }, { tmpfs = \"/c/own\", create = true }") == "E0311");
  CHECK(codes(host, bind + "{ symlink = \"/c/own\", to = \"none\", create = true }, { remount = \"/c/own\", readonly = true }") == "E0311");
  CHECK(codes(host, bind + "{ symlink = \"/c/own\", to = \"none\", create = true }") == "");
  // The text says it, once.
  CHECK(codes(host, "{ symlink = \"/own\", to = \"/none\" }, { tmpfs = \"/own\" }") == "");
}

TEST_CASE("host: launch variables have the values of this environment") {
  FakeHost host;
  host.mounts("");
  const auto with = [&](const std::string& entries, const std::string& program = "/usr/bin/true") {
    const Compiled compiled =
        compile("immure = 1\nextends = [\"immure:system\"]\nfs = [\n" + entries + "]\n[launch]\nvariables = [\"X\"]\n[program]\npath = \"" + program + "\"\n");
    Diagnostics diags;
    check_host(compiled.profile, compiled.view, host, diags);
    std::string all;
    for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
    return all;
  };
  const std::string bind = "{ bind = \"/x\", from = \"${X}/in\" }", optional = "{ bind = \"/x\", from = \"${X}/in\", optional = true }";
  CHECK(with(bind) == "E0371");
  CHECK(with("{ bind = \"/x\", from = \"${X:-/srv/a}\" }") == "");
  CHECK(with("{ bind = \"/x\", from = \"${X:-/none}\" }") == "E0360");
  host.variable("X", "");
  CHECK(with(bind) == "E0371");
  CHECK(with("{ bind = \"/x\", from = \"${X:-/srv/a}\" }") == "");
  host.variable("X", "/srv/a/");
  CHECK(with(bind) == "E0360");
  CHECK(with(optional) == "");
  CHECK(with(optional + ", { remount = \"/x\", readonly = true }") == "E0309");  // it is skipped
  host.directory("/srv/a/in");
  CHECK(with(bind) == "");
  CHECK(with(bind + ", { tmpfs = \"/x/none\" }") == "E0366");
  CHECK(with("{ overlay = \"/m\", lower = [\"${X}/in\", \"/srv/a/in\"] }") == "E0326");
  CHECK(with("{ file = \"/srv/a\", text = \"\" }, { dir = \"${X}/b\" }") == "E0305");
  CHECK(with("{ dir = \"${X}/b\" }, { file = \"/f\", text = \"\" }, { remount = \"/f\", readonly = true }") == "");  // mounted, since a variable may come in its way
  CHECK(with("{ bind = \"/x\", from = \"/none\", optional = true }, { file = \"/x/f\", text = \"\" }, { remount = \"/x/f\", readonly = true }") == "");
  CHECK(with(bind, "${X}/program") == "E0301");
  for (const char* none : {"relative", "/srv/../srv", "/..", "."}) {
    host.variable("X", none);
    CHECK(with("{ bind = \"/x\", from = \"${X}\" }") == "E0372");
  }
  host.variable("X", "//");
  CHECK(with("{ bind = \"/x\", from = \"${X}\" }") == "E0372");
}
