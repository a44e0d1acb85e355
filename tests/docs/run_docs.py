#!/usr/bin/env python3
"""Runs every command line that the documentation shows. run_docs.py IMMURE SOURCE_DIRECTORY PAGE...

A page's fenced blocks are taken in order, in a directory of the page's own:
  sh        a script; it must end with 0
  console   lines with `$ ` are commands; the others are what they print, in this order, as far as they are shown (`…` stands for anything)
  others    are not run; a block without a language is an error, so that no command hides in one

A comment on the line above a block says what it is to the test:
  <!-- test: file NAME -->          the block is written to this file
  <!-- test: exit N -->             the block's last command ends with N
  <!-- test: first COMMAND -->      what a reader has and the test has not; runs before the block
  <!-- test: not run: REASON -->    printed, so that nobody thinks that it was
Inline code that begins with `immure ` is held against the help of its command: each option in it must be there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

KNOWN = {'sh', 'console', 'toml', 'yaml', 'text', 'c', 'cpp', 'lua', 'json', 'vim', 'apparmor', 'ini', 'protobuf', 'nix', 'go'}
immure, source, *pages = sys.argv[1:]
immure, source = os.path.abspath(immure), os.path.abspath(source)
failures = 0


def fail(page, line, message):
    global failures
    failures += 1
    print(f'{page}:{line}: {message}')


def blocks(text):
    """(line, language, body, directives) of each fenced block."""
    lines = text.split('\n')
    i, above = 0, []
    while i < len(lines):
        directive = re.match(r'\s*<!-- test: (.*) -->\s*$', lines[i])
        fence = re.match(r'(\s*)```(\S*)\s*$', lines[i])
        if directive:
            above.append(directive[1])
        elif fence:
            start = i + 1
            i = start
            while i < len(lines) and lines[i].strip() != '```':
                i += 1
            indent = len(fence[1])
            yield start, fence[2], '\n'.join(line[indent:] for line in lines[start:i]) + '\n', above
            above = []
        elif lines[i].strip():
            above = []
        i += 1


def run(script, place, stop=True):
    home = os.path.join(place, 'home/you')
    env = {'PATH': os.path.join(place, '.bin') + ':/usr/bin:/bin:/usr/sbin:/sbin', 'HOME': home, 'LC_ALL': 'C.UTF-8', 'TMPDIR': place, 'USER': 'you', 'XDG_RUNTIME_DIR': place}
    done = subprocess.run(['bash', '-c', ('set -euo pipefail\n' if stop else '') + script], cwd=os.path.join(place, 'here'), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=100)
    output = done.stdout.decode('utf-8', 'replace')
    return done.returncode, output.replace(os.path.join(place, 'here') + '/', '').replace(place, '')


def console(page, line, body, place, wanted):
    """Each command by itself, its output against the lines below it."""
    commands = []
    for text in body.rstrip('\n').split('\n'):
        if text.startswith('$ '):
            commands.append([text[2:], []])
        elif commands:
            commands[-1][1].append(text)
        else:
            fail(page, line, 'output without a command')
            return
    for number, (command, expected) in enumerate(commands):
        status, output = run(command, place, stop=False)
        last = number == len(commands) - 1
        if status != (wanted if last else 0):
            fail(page, line, f'`{command}` ended with {status}:\n{output}')
        pattern = '.*'.join(re.escape(part).replace('…', '.*') for part in (text.rstrip() for text in expected) if part)
        if not re.search(pattern, re.sub(r'[ \t]+$', '', output, flags=re.M), re.S):
            fail(page, line, f'`{command}` printed something else than the page shows:\n{output}')


def page_of(page):
    text = open(os.path.join(source, page), encoding='utf-8').read()
    ran = 0
    with tempfile.TemporaryDirectory() as place:
        for directory in ('here', 'home/you', '.bin'):
            os.makedirs(os.path.join(place, directory))
        os.chmod(place, 0o755)
        os.symlink(immure, os.path.join(place, '.bin/immure'))
        # `./dev build` of the pages: what it would build is the command under test, and stands in its place.
        with open(os.path.join(place, 'here/dev'), 'w') as dev:
            dev.write(f'#!/bin/sh\n[ "$1" = build ] && mkdir -p build/release && ln -sf {immure} build/release/immure\n')
        os.chmod(os.path.join(place, 'here/dev'), 0o755)
        for name in ('examples', 'schema'):
            shutil.copytree(os.path.join(source, name), os.path.join(place, 'here', name))
        for line, language, body, directives in blocks(text):
            if language not in KNOWN:
                fail(page, line, f'a block of the language `{language}`: name one of {" ".join(sorted(KNOWN))}')
            wanted, skipped = 0, None
            for directive in directives:
                word, _, rest = directive.partition(' ')
                if word == 'file':
                    path = os.path.join(place, 'here', rest)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    open(path, 'w').write(body)
                elif word == 'exit':
                    wanted = int(rest)
                elif word == 'first':
                    status, output = run(rest, place)
                    if status != 0:
                        fail(page, line, f'before the block, `{rest}` ended with {status}:\n{output}')
                elif directive.startswith('not run: '):
                    skipped = rest[len('run: '):]
                else:
                    fail(page, line, f'`{directive}` is not known to this test')
            if language not in ('sh', 'console'):
                continue
            if skipped is not None:
                print(f'{page}:{line}: not run: {skipped}')
            elif language == 'console':
                ran += 1
                console(page, line, body, place, wanted)
            else:
                ran += 1
                status, output = run(body, place)
                if status != wanted:
                    fail(page, line, f'it ended with {status}:\n{output}')
    for code in re.findall(r'`(immure [a-z][^`]*)`', re.sub(r'```.*?```', '', text, flags=re.S)):
        words = code.split()
        asked = subprocess.run([immure, words[1], '--help'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if asked.returncode != 0 and words[1] != 'completions':
            fail(page, 0, f'`{code}`: there is no such command')
        for option in re.findall(r'(?<= )--?[a-z][a-z-]*', ' '.join(words[: words.index('--')] if '--' in words else words)):
            if not re.search(re.escape(option) + r'\b', asked.stdout):
                fail(page, 0, f'`{code}`: {words[1]} has no option {option}')
    print(f'{page}: {ran} blocks ran')


for each in pages:
    page_of(each)
sys.exit(1 if failures else 0)
