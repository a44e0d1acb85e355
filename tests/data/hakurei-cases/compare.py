# compare.py EXPECTATIONS WORK <FACTS: says what differs; silence and 0 if nothing does.
#
# An expectation is a fact as the probe prints it. `*` stands for any one field, `...` in a list of options for any further ones; @WORK@ is the test's directory. What differs between kernels and
# callers without meaning is left out on both sides: the time-stamp options of a mount, who owns a tmpfs, how wide its inode numbers are, the size of the caller's default.
import sys

IGNORED = ("relatime", "noatime", "nodiratime", "inode64", "inode32", "uid=", "gid=", "seclabel", "usrquota")


def normal(options):
    return [option for option in options.split(",") if not option.startswith(IGNORED)]


def same_options(expected, seen):
    expected, seen = normal(expected), normal(seen)
    if expected == ["*"]:
        return True
    if "..." in expected:
        return set(expected) - {"..."} <= set(seen)
    return sorted(expected) == sorted(seen)


def same(expected, seen):
    if len(expected) != len(seen):
        return False
    lists = (5, 6) if expected[0] == "mount" else ()  # a mount's own options and its filesystem's
    return all(same_options(e, s) if i in lists else e in ("*", s) for i, (e, s) in enumerate(zip(expected, seen)))


def belongs_elsewhere(fact):
    """Mounts below what is the host's or is hardened: other tests are about them."""
    return fact[0] == "mount" and fact[1].startswith(("/proc/", "/usr/"))


with open(sys.argv[1], encoding="utf-8") as file:
    expected = [line.replace("@WORK@", sys.argv[2]).split() for line in file if line.strip() and not line.startswith("#")]
seen = [fact for fact in (line.split() for line in sys.stdin) if not belongs_elsewhere(fact)]
missing = [e for e in expected if not any(same(e, s) for s in seen)]
extra = [s for s in seen if not any(same(e, s) for e in expected)]
for fact in missing:
    print("expected", *fact)
for fact in extra:
    print("seen    ", *fact)
sys.exit(1 if missing or extra or len(expected) != len(seen) else 0)
