// Lowering: what each entry becomes, and what the launcher is told about its target.
#include <linux/mount.h>

#include "tests/unit/from_text.h"

using namespace immure;
using immure::test::compile_fs;

namespace {

constexpr std::uint64_t kNosuidNodev = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

/// The ops that the test's own entries became: those of the main file.
std::vector<PlanOp> ops(const std::string& entries, const std::string& rest = "") {
  const auto compiled = compile_fs(entries, rest);
  CHECK_FALSE(compiled.diags.has_errors());
  std::vector<PlanOp> own;
  for (const PlanOp& op : compiled.plan().ops)
    if (op.origin.file == 0) own.push_back(op);
  return own;
}
Plan plan_of(const std::string& rest) { return compile_fs("", rest).plan(); }

template <class Op>
const Op& as(const PlanOp& op) {
  REQUIRE(std::holds_alternative<Op>(op.op));
  return std::get<Op>(op.op);
}
std::string path(const PlanOp& op) {
  return std::visit(
      [](const auto& o) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(o)>, std::monostate>) return "";
        else return o.path.text.shown();
      },
      op.op);
}
/// The one op of this kind at this target.
template <class Op>
const PlanOp& at(const std::vector<PlanOp>& all, const std::string& target) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const PlanOp& op) { return std::holds_alternative<Op>(op.op) && path(op) == target; });
  REQUIRE(found != all.end());
  return *found;
}
std::size_t index_of(const std::vector<PlanOp>& all, const PlanOp& op) { return static_cast<std::size_t>(&op - all.data()); }

}  // namespace

TEST_CASE("lower: a bind is read-only, without set-user-ID and devices, unless it says otherwise") {
  const auto all =
      ops(R"({ bind = "/a" }, { bind = "/b", from = "/c", write = true }, { bind = "/d", device = true, optional = true }, { bind = "/e", ensure = true, create = true },)");
  CHECK(as<plan::Bind>(all.at(0)).attr == (kNosuidNodev | MOUNT_ATTR_RDONLY));
  CHECK(as<plan::Bind>(all.at(0)).source.text.shown() == "/a");
  CHECK(as<plan::Bind>(all.at(1)).attr == kNosuidNodev);
  CHECK(as<plan::Bind>(all.at(1)).source.text.shown() == "/c");
  CHECK(as<plan::Bind>(all.at(2)).attr == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY));
  CHECK((all.at(2).flags & wire::kOptional) != 0);
  CHECK((all.at(3).flags & (wire::kEnsure | wire::kCreate)) == (wire::kEnsure | wire::kCreate));
}

TEST_CASE("lower: a missing target of a bind becomes what the source is, which the launcher knows") {
  const auto all = ops(R"({ bind = "/a/b" }, { tmpfs = "/t" }, { dir = "/t/d" }, { bind = "/t/d", from = "/srv" },)");
  CHECK(path(all.at(0)) == "/a");
  CHECK(all.at(0).flags == (wire::kTrusted | wire::kMakeDir));
  CHECK(path(all.at(1)) == "/a/b");
  CHECK(all.at(1).flags == (wire::kTrusted | wire::kMakeDir | wire::kMakeFile));
  CHECK(all.at(4).flags == wire::kTrusted);  // it is there
}

TEST_CASE("lower: a tmpfs carries its options as the kernel reads them") {
  const auto all = ops(R"({ tmpfs = "/a" }, { tmpfs = "/b", size = "64MiB", inodes = 10, mode = "1777", readonly = true, exec = false }, { tmpfs = "/c", size = "25%" },)");
  CHECK(as<plan::Mount>(all.at(0)).options == "mode=0755");
  CHECK(as<plan::Mount>(all.at(0)).attr == kNosuidNodev);
  CHECK(all.at(0).flags == (wire::kTrusted | wire::kMakeDir));
  CHECK(as<plan::Mount>(all.at(1)).options == "size=67108864,nr_inodes=10");
  CHECK(as<plan::Mount>(all.at(1)).attr == (kNosuidNodev | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC));
  CHECK(as<plan::Mount>(all.at(2)).options == "size=25%,mode=0755");
}

TEST_CASE("lower: missing parents are directories of their own, no wider than a restrictive tmpfs") {
  const auto all = ops(R"({ tmpfs = "/a/b/c", mode = "0750" }, { tmpfs = "/a/d/e" },)", "[process]\nparent-mode = \"0711\"\n");
  CHECK(path(all.at(0)) == "/a");
  CHECK(as<plan::Dir>(all.at(0)).mode == 0710);
  CHECK(path(all.at(1)) == "/a/b");
  CHECK(path(all.at(3)) == "/a/d");
  CHECK(as<plan::Dir>(all.at(3)).mode == 0711);
}

TEST_CASE("lower: below host content nothing is trusted and nothing is made beforehand") {
  const auto all = ops(R"({ bind = "/srv" }, { tmpfs = "/srv/a/b" }, { dir = "/usr/x" }, { file = "/bin/y", text = "" },)");
  CHECK(all.size() == 4);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK((all[i].flags & (wire::kTrusted | wire::kMakeDir | wire::kMakeFile | wire::kInPlace)) == 0);
}

TEST_CASE("lower: a target with a variable is never trusted, and only used variables are in the plan") {
  const auto c = compile_fs(R"({ bind = "${HOME}/x", from = "/srv" }, { tmpfs = "/t" },)", "[launch]\nvariables = [\"LANG\", \"HOME\"]\n[env.set]\nL = \"${LANG:-C}\"\n");
  const Plan p = c.plan();
  CHECK(p.variables == std::vector<std::string>{"HOME", "LANG"});
  CHECK((p.ops.at(5).flags & wire::kTrusted) == 0);
  CHECK((p.ops.at(6).flags & wire::kMakeDir) == 0);
}

TEST_CASE("lower: a file on the sealed root is made in place, elsewhere it is mounted") {
  const auto all = ops(R"({ file = "/a", text = "x" }, { tmpfs = "/t" }, { file = "/t/b", base64 = "eQ==", mode = "0500" }, { file = "/a2", source = "s" },)");
  CHECK(all.at(0).flags == (wire::kTrusted | wire::kMakeFile | wire::kInPlace));
  CHECK(as<plan::File>(all.at(0)).data == "x");
  CHECK(all.at(2).flags == (wire::kTrusted | wire::kMakeFile));
  CHECK(as<plan::File>(all.at(2)).data == "y");
  CHECK(as<plan::File>(all.at(2)).mode == 0500);
  const auto writable = ops(R"({ file = "/a", text = "x" },)", "[root]\nwritable = true\n");
  CHECK((writable.at(0).flags & wire::kInPlace) == 0);
}

TEST_CASE("lower: overlays in their three forms") {
  const auto all =
      ops(R"({ overlay = "/a", lower = ["/l1", "/l2"] }, { overlay = "/b", lower = ["/l"], upper = "/u", work = "/k" }, { overlay = "/c", lower = ["/l"], ephemeral = true },)");
  CHECK(as<plan::Overlay>(all.at(0)).attr == (kNosuidNodev | MOUNT_ATTR_RDONLY));
  CHECK(as<plan::Overlay>(all.at(0)).lower.at(1).text.shown() == "/l2");
  CHECK(as<plan::Overlay>(all.at(0)).upper.text.segments.empty());
  CHECK(as<plan::Overlay>(all.at(1)).attr == kNosuidNodev);
  CHECK(as<plan::Overlay>(all.at(1)).work.text.shown() == "/k");
  CHECK(all.at(2).flags == (wire::kTrusted | wire::kMakeDir | wire::kEphemeral));
}

TEST_CASE("lower: a hardened proc protects and masks its parts, an unhardened one protects them from root") {
  const auto hard = ops(R"({ proc = "/proc" },)");
  CHECK(as<plan::Mount>(hard.at(0)).attr == (kNosuidNodev | MOUNT_ATTR_NOEXEC));
  CHECK(as<plan::Protect>(at<plan::Protect>(hard, "/proc/sys")).attr == (kNosuidNodev | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY));
  CHECK(at<plan::Protect>(hard, "/proc/sys").flags == (wire::kTrusted | wire::kOptional));
  CHECK(at<plan::Mask>(hard, "/proc/kcore").flags == (wire::kTrusted | wire::kOptional));
  CHECK(hard.size() == 1 + 4 + 11);
  const auto soft = ops(R"({ proc = "/proc", harden = false, optional = true },)");
  CHECK(soft.size() == 1 + 4);
  CHECK((soft.at(0).flags & wire::kOptional) != 0);
  for (std::size_t i = 1; i < soft.size(); ++i) CHECK((soft[i].flags & wire::kRootOnly) != 0);
}

TEST_CASE("lower: a dev is filled before it is sealed") {
  const auto all = ops(R"({ dev = "/dev", mqueue = true, nodes = ["/dev/dri/card0", "/dev/dri/card1"] },)", "[process]\nnew-session = false\n");
  CHECK(as<plan::Device>(at<plan::Device>(all, "/dev/null")).number == (1 << 8 | 3));
  CHECK(as<plan::Device>(at<plan::Device>(all, "/dev/tty")).number == 5 << 8);
  CHECK(at<plan::Device>(all, "/dev/null").flags == wire::kMakeFile);  // with flags of its own, since the seal is that of /dev alone
  CHECK(as<plan::Symlink>(at<plan::Symlink>(all, "/dev/ptmx")).to.text.shown() == "pts/ptmx");
  CHECK(as<plan::Mount>(at<plan::Mount>(all, "/dev/pts")).options == "ptmxmode=0666,mode=620");
  CHECK(as<plan::Mount>(at<plan::Mount>(all, "/dev/shm")).attr == kNosuidNodev);
  CHECK(as<plan::Mount>(at<plan::Mount>(all, "/dev/shm")).options.empty());  // mode 1777
  CHECK(as<plan::Mount>(at<plan::Mount>(all, "/dev/mqueue")).fstype == "mqueue");
  CHECK(index_of(all, at<plan::Dir>(all, "/dev/dri")) < index_of(all, at<plan::Bind>(all, "/dev/dri/card0")));
  CHECK(as<plan::Bind>(at<plan::Bind>(all, "/dev/dri/card0")).attr == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  at<plan::Console>(all, "/dev/console");
  CHECK(path(all.back()) == "/dev");
  CHECK(as<plan::Remount>(all.back()).attr == MOUNT_ATTR_RDONLY);
  CHECK((all.back().flags & wire::kRecursive) == 0);
}

TEST_CASE("lower: a dev and its devices are sealed by one call, before what stays writable") {
  const auto all = ops(R"({ dev = "/dev" },)");
  CHECK(as<plan::Mount>(all.front()).attr == (kNosuidNodev | MOUNT_ATTR_NOEXEC));
  CHECK(at<plan::Device>(all, "/dev/null").flags == (wire::kTrusted | wire::kMakeFile));
  const PlanOp& seal = at<plan::Remount>(all, "/dev");
  CHECK(as<plan::Remount>(seal).attr == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  CHECK((seal.flags & wire::kRecursive) != 0);
  CHECK(index_of(all, at<plan::Device>(all, "/dev/tty")) < index_of(all, seal));
  CHECK(index_of(all, seal) < index_of(all, at<plan::Mount>(all, "/dev/shm")));
}

TEST_CASE("lower: a writable dev stays so, and its devices do not") {
  const auto all = ops(R"({ dev = "/dev", write = true },)");
  CHECK(as<plan::Mount>(all.front()).options == "mode=0755");
  CHECK(at<plan::Device>(all, "/dev/null").flags == wire::kMakeFile);
  for (const PlanOp& op : all) {
    CHECK_FALSE(std::holds_alternative<plan::Console>(op.op));
    CHECK_FALSE(std::holds_alternative<plan::Remount>(op.op));
  }
}

TEST_CASE("lower: links and remounts") {
  const auto all = ops(
      R"({ symlink = "/a", to = "b" }, { symlink = "/c", to = "/etc/localtime", dereference = true }, { tmpfs = "/t" }, { remount = "/t", readonly = true, noexec = true, recursive = true },)");
  CHECK(all.at(0).flags == wire::kTrusted);
  CHECK(all.at(1).flags == (wire::kTrusted | wire::kDereference));
  CHECK(as<plan::Remount>(all.at(3)).attr == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC));
  CHECK(all.at(3).flags == (wire::kTrusted | wire::kRecursive));
}

TEST_CASE("lower: each op names the line of its entry, and the file that it stands in") {
  const Plan p = compile_fs("{ tmpfs = \"/a\" },\n{ tmpfs = \"/b\" },\n").plan();
  CHECK(p.files == std::vector<std::string>{"test.toml", "immure:system"});
  CHECK(p.ops.front().origin.file == 1);
  CHECK(p.ops.back().origin == PlanOrigin{0, 5});
  CHECK(p.program.origin == PlanOrigin{0, 8});
}

TEST_CASE("lower: the defaults of everything else") {
  const Plan p = plan_of("");
  CHECK(p.flags == (wire::kNewSession | wire::kDieWithSupervisor | wire::kPassArgs | wire::kHasFilter | wire::kFilterDeniesNs | wire::kNewNetwork));
  CHECK(p.name == "test");
  CHECK(p.hostname == "test");
  CHECK(p.linger_ms == 5000);
  CHECK(p.parent_mode == 0755);
  CHECK(p.uid.kind == wire::kIdCaller);
  CHECK(p.root_options == "size=16777216,mode=0755");
  CHECK(p.program.argv0.text.shown() == "/usr/bin/true");
  CHECK(p.cwd.text.shown() == "/");
  CHECK(p.landlock_scopes == 3);
  CHECK(p.variables.empty());
}

TEST_CASE("lower: what a profile says of everything else") {
  const Plan p = plan_of(
      "cwd = \"/usr\"\nargv0 = \"x\"\nargs = [\"a\", \"b\"]\npass-args = false\n[env]\ninherit = [\"LC_*\"]\nset = { A = \"b\" }\n"
      "[user]\nuid = 7\ngid = \"overflow\"\n[namespaces]\nnetwork = \"loopback\"\nnested = true\nhostname = \"h\"\n"
      "[root]\nwritable = true\nsize = \"1MiB\"\n[process]\nnew-session = false\ndie-with-supervisor = false\ndie-with-caller = "
      "true\nlinger = \"0s\"\nstdin = \"null\"\n");
  CHECK(p.flags == (wire::kDieWithCaller | wire::kStdinNull | wire::kRootWritable | wire::kHasFilter | wire::kLoopback | wire::kNested | wire::kNewNetwork));
  CHECK(p.uid == PlanId{wire::kIdFixed, 7});
  CHECK(p.gid.kind == wire::kIdOverflow);
  CHECK(p.hostname == "h");
  CHECK(p.linger_ms == 0);
  CHECK(p.program.argv0.text.shown() == "x");
  CHECK(p.program.args.size() == 2);
  CHECK(p.env_inherit == std::vector<std::string>{"LC_*"});
  CHECK(p.env_set.at(0).first == "A");
  CHECK(p.root_options == "size=1048576,mode=0755");
}

TEST_CASE("lower: the filter is said to deny namespaces only where it does") {
  CHECK((plan_of("[seccomp]\npresets = [\"ext\"]\n").flags & wire::kFilterDeniesNs) == 0);
  CHECK((plan_of("[seccomp]\npresets = [\"deny-ns\"]\n").flags & wire::kFilterDeniesNs) != 0);
  CHECK((plan_of("[seccomp]\nenabled = false\n").flags & (wire::kFilterDeniesNs | wire::kHasFilter)) == 0);
  CHECK((plan_of("[namespaces]\nnetwork = \"host\"\n").flags & wire::kNewNetwork) == 0);
}
