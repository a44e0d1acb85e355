#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

# Each shell loads its script and completes lines with it, the way it does for somebody at its prompt.
for shell in bash zsh fish; do
  run_ok "$IMMURE" completions $shell
  cp .out completions.$shell
done
run "$IMMURE" completions csh
assert_status 2
touch app.toml 'of mine.toml'

complete_bash() { # WORD...: what may stand for the last word
  bash --norc --noprofile -c '
    source completions.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    compopt() { :; }
    $(complete -p immure | sed "s/.*-F \([^ ]*\) .*/\1/")
    printf "%s\n" "${COMPREPLY[@]}"' bash immure "$@"
}
assert_eq "$(complete_bash exp)" explain
assert_eq "$(complete_bash check --form)" --format
assert_eq "$(complete_bash check --format s)" sarif
assert_eq "$(complete_bash check app)" app.toml
assert_eq "$(complete_bash check of)" 'of mine.toml'
assert_eq "$(complete_bash check --allow W0331)" W0331
assert_eq "$(complete_bash emit bp)" bpf
assert_eq "$(complete_bash init pyt)" python
assert_contains "$(complete_bash explain W033)" W0331

if command -v fish >/dev/null; then
  complete_fish() { HOME=$work fish --no-config -c 'source completions.fish; complete -C "$argv"' -- "$1"; }
  assert_contains "$(complete_fish 'immure exp')" explain
  assert_contains "$(complete_fish 'immure check --form')" --format
  assert_eq "$(complete_fish 'immure check --format s' | cut -f1)" sarif
  assert_contains "$(complete_fish 'immure check ap')" app.toml
  assert_contains "$(complete_fish 'immure init pyt')" python
else
  echo 'fish is not installed: not tried'
fi

if command -v zsh >/dev/null; then
  # zsh completes at a prompt only, so it gets one.
  cat >at_the_prompt.py <<'END'
import os, pty, select, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", HOME=os.getcwd(), ZDOTDIR=os.getcwd())
    os.execvp("zsh", ["zsh", "-f", "-i"])
seen = b""
def until(text, what):
    global seen
    end = time.time() + 30
    while text not in seen:
        if not select.select([terminal], [], [], max(0, end - time.time()))[0]: sys.exit(f"no {what}: {seen!r}")
        seen += os.read(terminal, 4096)
    seen = b""
def say(text): os.write(terminal, text)
say(b"PS1='%'; autoload -U compinit; compinit -u -d dump; source ./completions.zsh; unsetopt zle_bracketed_paste; echo load''ed\n")
until(b"loaded", "prompt")
for begun, whole in ((b"exp", b"explain"), (b"check --form", b"--format"), (b"check --format sa", b"sarif"), (b"check app", b"app.toml"), (b"init pyt", b"python")):
    say(b"echo; immure " + begun + b"\t")
    until(whole, f"completion of {begun}")
    say(b"\x15")
say(b"\x15exit\n")
os.waitpid(pid, 0)
END
  run_ok python3 at_the_prompt.py
else
  echo 'zsh is not installed: not tried'
fi
