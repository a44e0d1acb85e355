#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

mkdir -p project/.git/hooks
echo ours >project/.git/hooks/post-commit
move='
import errno, os
def attempt(what, action):
    try: action(); print(what, "yes")
    except OSError as problem: print(what, errno.errorcode[problem.errno])
attempt("write", lambda: open("/work/.git/hooks/post-commit", "w"))
attempt("rename", lambda: os.rename("/work/.git", "/work/.old"))
os.makedirs("/work/.git/hooks", exist_ok=True)
attempt("replace", lambda: open("/work/.git/hooks/post-commit", "w").write("theirs\n"))'
work_bind="bind = \"/work\"
from = \"$work/project\"
write = true"
hooks_bind="bind = \"/work/.git/hooks\"
from = \"$work/project/.git/hooks\""

python_profile moved <<END
[[fs]]
$work_bind
[[fs]]
$hooks_bind
END
run "$IMMURE" check moved.toml
assert_contains "$output$errors" 'warning[W0339]: the program can rename `/work/.git`, and put one with a `/work/.git/hooks` of its own in its place'
cure="{ bind = \"/work/.git\", from = \"$work/project/.git\", write = true }"
assert_contains "$output$errors" "\`$cure\`" 'the cure'
run_ok ./moved -c "$move"
assert_eq "$output" $'write EROFS\nrename yes\nreplace yes'
assert_eq "$(<project/.git/hooks/post-commit)" theirs 'what the host runs next'
rm -rf project/.git
mv project/.old project/.git

python_profile held <<END
[[fs]]
$work_bind
[[fs]]
bind = "/work/.git"
from = "$work/project/.git"
write = true
[[fs]]
$hooks_bind
END
run_ok "$IMMURE" check held.toml
assert_eq "$output$errors" '' 'what is said of the cure'
run_ok ./held -c "$move
attempt('around', lambda: open('/work/.git/index', 'w'))"
assert_eq "$output" $'write EROFS\nrename EBUSY\nreplace EROFS\naround yes'
assert_eq "$(<project/.git/hooks/post-commit)" ours
needs_linux 6.6 'user xattrs on tmpfs, which an ephemeral overlay writes'
# In an overlay nothing is said: a directory of a layer cannot be renamed.
python_profile layered <<END
[[fs]]
overlay = "/work"
lower = ["$work/project"]
ephemeral = true
[[fs]]
$hooks_bind
END
run_ok "$IMMURE" check layered.toml
assert_eq "$output$errors" '' 'what is said of the overlay'
run_ok ./layered -c "$move"
assert_eq "$output" $'write EROFS\nrename EXDEV\nreplace EROFS'
