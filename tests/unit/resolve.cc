// From a path to the whole profile: reading, fragments, defaults, embedded files. What users read is in tests/golden.
#include "compiler/resolve.h"

#include <cerrno>
#include <map>

#include "tests/unit/catch.h"

using namespace immure;

namespace {

using Files = std::map<std::string, FileText>;

struct Loaded {
  Sources sources;
  Diagnostics diags;
  std::optional<Profile> profile;

  explicit Loaded(const Files& files, const std::string& path = "main.toml") {
    const ReadFile reader = [&](const std::string& wanted) {
      const auto found = files.find(wanted);
      return found == files.end() ? FileText{{}, ENOENT} : found->second;
    };
    profile = load_profile(path, sources, reader, diags);
  }
  std::string codes() const {
    std::string all;
    for (const Diagnostic& d : diags.sorted()) (all += all.empty() ? "" : " ") += info(d.code).id;
    return all;
  }
  const Profile& sound() const {
    REQUIRE(codes().empty());
    REQUIRE(profile);
    return *profile;
  }
  std::string targets() const {
    std::string all;
    for (const FsEntry& entry : profile->fs) (all += all.empty() ? "" : " ") += entry.target->shown();
    return all;
  }
};

const std::string kProgram = "[program]\npath = \"/usr/bin/true\"\n";

FileText text(const std::string& rest) { return {"immure = 1\n" + rest, 0}; }

}  // namespace

TEST_CASE("resolve: every default is there, through the parsers of written values") {
  const Loaded loaded({{"main.toml", text(kProgram + "[[fs]]\ntmpfs = \"/tmp\"\n")}});
  const Profile& p = loaded.sound();
  CHECK((p.program.pass_args.present && *p.program.pass_args));
  CHECK(p.program.cwd->str() == "/");
  CHECK(p.user.uid->kind == type::Id::Kind::Caller);
  CHECK(*p.namespaces.network == type::Network::None);
  CHECK(p.root.size->number == 16U << 20);
  CHECK(p.process.linger->ms == 5000);
  CHECK(p.process.parent_mode->bits == 0755);
  CHECK(*p.seccomp.optimize == type::Optimize::Ranges);
  CHECK(std::get<TmpfsOp>(p.fs[0].op).mode->bits == 0755);
  CHECK_FALSE(std::get<TmpfsOp>(p.fs[0].op).size.present);
  CHECK_FALSE(p.program.cwd.span.known());
}

TEST_CASE("resolve: the default name is the file's stem, made a name") {
  for (const auto& [path, name] : {std::pair{"dir/my app.toml", "my-app"}, {"a.b.toml", "a.b"}, {"/x/-.toml", "sandbox"}, {"p", "p"}})
    CHECK(*Loaded({{path, text(kProgram)}}, path).sound().top.name == name);
}

TEST_CASE("resolve: files that cannot be read give one diagnostic each") {
  CHECK(Loaded({}).codes() == "E0106");
  CHECK(Loaded({{"main.toml", {{}, EISDIR}}}).codes() == "E0106");
  CHECK(Loaded({{"main.toml", {{}, 0}}}).codes() == "E0107");
  CHECK(Loaded({{"main.toml", {std::string(kMaxFileBytes + 1, '#'), 0}}}).codes() == "E0108");  // Code::FileTooLarge
  CHECK(Loaded({{"main.toml", {{}, EFBIG}}}).codes() == "E0108");
  CHECK(Loaded({{"main.toml", {std::string(kMaxFileBytes, '#'), 0}}}).codes() == "E0206 E0205");
  for (const Files& files : {Files{}, Files{{"main.toml", {{}, 0}}}}) {
    const Loaded loaded(files);
    CHECK_FALSE(loaded.profile);
    CHECK(loaded.diags.sorted()[0].span == Span{0, 0, 0});
  }
}

TEST_CASE("resolve: scalars and lists of the file win, tables merge key by key") {
  const Loaded loaded({{"base.toml", text("name = \"base\"\n[program]\npath = \"/usr/bin/false\"\nargs = [\"a\", \"b\"]\n[process]\nlinger = \"1s\"\nstdin = \"null\"\n")},
                       {"main.toml", text("extends = [\"base.toml\"]\n[program]\npath = \"/usr/bin/true\"\nargs = [\"c\"]\n[process]\nlinger = \"2s\"\n")}});
  const Profile& p = loaded.sound();
  CHECK(*p.top.name == "base");
  CHECK(p.program.path->str() == "/usr/bin/true");
  CHECK(p.program.args->size() == 1);
  CHECK(p.process.linger->ms == 2000);
  CHECK(*p.process.stdin_ == type::Stdin::Null);
  CHECK(p.program.path.span.file == 0);
  CHECK(p.process.stdin_.span.file == 1);
}

TEST_CASE("resolve: variables add up, the environment merges by name") {
  const Loaded loaded(
      {{"base.toml", text("[launch]\nvariables = [\"HOME\", \"X\"]\n[env]\nset = { A = \"1\", B = \"${X}\" }\n")},
       {"main.toml", text("extends = [\"base.toml\"]\n[launch]\nvariables = [\"Y\", \"X\"]\n" + kProgram + "args = [\"${HOME}${Y}\"]\n[env]\nset = { B = \"2\", C = \"3\" }\n")}});
  // X is declared here and, since B is replaced, not used any more.
  CHECK(loaded.codes() == "W0201");
  REQUIRE(loaded.profile);
  CHECK(loaded.profile->launch.variables->size() == 3);
  std::string environment;
  for (const type::EnvVar& variable : *loaded.profile->env.set) environment += variable.name + variable.value.shown();
  CHECK(environment == "A1B2C3");
}

TEST_CASE("resolve: ops of the fragment come first, one with the same target gives way") {
  const Loaded loaded({{"base.toml", text("[[fs]]\nbind = \"/a\"\n[[fs]]\ntmpfs = \"/b\"\n[[fs]]\ndir = \"/c\"\n")},
                       {"main.toml", text("extends = [\"base.toml\"]\n" + kProgram + "[[fs]]\ndir = \"/d\"\n[[fs]]\nbind = \"/b\"\n")}});
  loaded.sound();
  CHECK(loaded.targets() == "/a /c /d /b");
}

TEST_CASE("resolve: a remount replaces a remount and nothing else") {
  const Loaded loaded({{"base.toml", text("[[fs]]\nbind = \"/a\"\n[[fs]]\nremount = \"/a\"\nnoexec = true\n")},
                       {"main.toml", text("extends = [\"base.toml\"]\n" + kProgram + "[[fs]]\nremount = \"/a\"\nnosuid = true\n")}});
  CHECK(loaded.sound().fs.size() == 2);
  CHECK(std::holds_alternative<BindOp>(loaded.profile->fs[0].op));
  const Loaded whole({{"base.toml", text("[[fs]]\nbind = \"/a\"\n[[fs]]\nremount = \"/a\"\nnoexec = true\n")},
                      {"main.toml", text("extends = [\"base.toml\"]\n" + kProgram + "[[fs]]\ntmpfs = \"/a\"\n")}});
  CHECK(whole.sound().fs.size() == 1);
}

TEST_CASE("resolve: a fragment that is reached twice is merged once") {
  const Loaded loaded({{"parts/a.toml", text("extends = [\"common.toml\"]\n[[fs]]\ndir = \"/a\"\n")},
                       {"parts/b.toml", text("extends = [\"./common.toml\"]\n[[fs]]\ndir = \"/b\"\n")},
                       {"parts/common.toml", text("[[fs]]\ndir = \"/common\"\n")},
                       {"parts/./common.toml", text("[[fs]]\ndir = \"/common\"\n")},
                       {"main.toml", text("extends = [\"parts/a.toml\", \"parts/b.toml\"]\n" + kProgram)}});
  loaded.sound();
  CHECK(loaded.targets() == "/common /a /b");
}

TEST_CASE("resolve: sixteen files in a chain are allowed, seventeen are not") {
  for (const std::size_t files : {std::size_t{16}, std::size_t{17}}) {
    Files chain;
    chain["main.toml"] = text("extends = [\"1.toml\"]\n" + kProgram);
    for (std::size_t i = 1; i < files; ++i) chain[std::to_string(i) + ".toml"] = text(i + 1 < files ? "extends = [\"" + std::to_string(i + 1) + ".toml\"]\n" : "");
    CHECK(Loaded(chain).codes() == (files == 16 ? "" : "E0111"));
  }
}

TEST_CASE("resolve: fragments that extend one another many times over do not take for ever") {
  Files files;
  files["main.toml"] = text("extends = [\"1.toml\", \"1.toml\"]\n" + kProgram);
  for (int i = 1; i < 15; ++i) {
    const std::string next = "\"" + std::to_string(i + 1) + ".toml\"";
    files[std::to_string(i) + ".toml"] = text("extends = [" + next + ", " + next + ", " + next + "]\n");
  }
  files["15.toml"] = text("");
  CHECK(Loaded(files).codes().empty());
}

TEST_CASE("resolve: `source` is read beside the file that names it") {
  const Loaded loaded({{"parts/base.toml", text("[[fs]]\nfile = \"/f\"\nsource = \"data.bin\"\n")},
                       {"parts/data.bin", {std::string("\0\xff", 2), 0}},
                       {"main.toml", text("extends = [\"parts/base.toml\"]\n" + kProgram)}});
  const auto& file = std::get<FileOp>(loaded.sound().fs[0].op);
  CHECK(file.base64.present);
  CHECK(*file.base64 == std::string("\0\xff", 2));
  CHECK_FALSE(file.base64.key_span.known());
  CHECK(Loaded({{"main.toml", text(kProgram + "[[fs]]\nfile = \"/f\"\nsource = \"none\"\n")}}).codes() == "E0112");
  CHECK(Loaded({{"main.toml", text(kProgram + "[[fs]]\nfile = \"/f\"\nsource = \"big\"\n")}, {"big", {{}, EFBIG}}}).codes() == "E0112");
}

TEST_CASE("resolve: going on is offered only where later passes can judge") {
  CHECK(Loaded({{"main.toml", text(kProgram + "[process]\nlinger = 5\n")}}).profile);           // a key with a default
  CHECK_FALSE(Loaded({{"main.toml", text(kProgram + "[[fs]]\nbind = \"x\"\n")}}).profile);      // an op
  CHECK_FALSE(Loaded({{"main.toml", text(kProgram + "[[mount]]\nbind = \"/x\"\n")}}).profile);  // perhaps ops
  CHECK_FALSE(Loaded({{"main.toml", text("[program]\n")}}).profile);
  CHECK_FALSE(Loaded({{"main.toml", text("extends = [\"none.toml\"]\n" + kProgram)}}).profile);
}

TEST_CASE("resolve: lists and ops beyond the launcher's limits are refused") {
  std::string args = "args = [";
  for (int i = 0; i <= 100'000; ++i) args += "\"\",";
  CHECK(Loaded({{"main.toml", text(kProgram + args + "]\n")}}).codes() == "E0228");  // Code::ListTooLong
}
