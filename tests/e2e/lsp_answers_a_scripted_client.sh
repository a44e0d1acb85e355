#!/usr/bin/env bash
. "${BASH_SOURCE[0]%/*}/common.sh"

printf 'immure = 1\n[[fs]]\nbind = "/opt"\n' >common.toml
cat >client.py <<'END'
import json, os, subprocess, sys

server = subprocess.Popen([os.environ['IMMURE'], 'lsp'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def raw(body):
    server.stdin.write(b'Content-Length: %d\r\n\r\n' % len(body) + body)
    server.stdin.flush()
def send(**message):
    raw(json.dumps({'jsonrpc': '2.0', **message}, ensure_ascii=False).encode())
def receive():
    length = None
    while True:
        line = server.stdout.readline()
        assert line, 'the server is gone'
        if line == b'\r\n': break
        if line.lower().startswith(b'content-length:'): length = int(line.split(b':')[1])
    return json.loads(server.stdout.read(length))
number = 0
def ask(method, params):
    global number
    number += 1
    send(id=number, method=method, params=params)
    answer = receive()
    assert answer['id'] == number, answer
    return answer
def result(method, **params): return ask(method, params)['result']

uri = 'file://' + os.getcwd() + '/a%20profile.toml'
document = {'uri': uri}
def text(new):
    send(method='textDocument/didChange', params={'textDocument': {'uri': uri, 'version': 2}, 'contentChanges': [{'text': new}]})
    return receive()['params']['diagnostics']
def place(source, mark):
    before = source[:source.index(mark) + len(mark)]
    return {'line': before.count('\n'), 'character': len(before.rsplit('\n', 1)[-1].encode('utf-16-le')) // 2}

assert ask('textDocument/hover', {'textDocument': document, 'position': {}})['error']['code'] == -32002
offers = result('initialize', processId=None, rootUri=None, capabilities={})['capabilities']
assert offers['hoverProvider'] and offers['completionProvider'] and offers['textDocumentSync']['change'] == 1
send(method='initialized', params={})

start = '''immure = 1
name = "test"  # é, 𝄞 outside the basic plane
extends = ["immure:system", "common.toml"]
[program]
path = "/usr/bin/true"
[process]
lingr = "5s"
[[fs]]
tmpfs = "/tmp"
[seccomp]
presets = ["strict"]
[[seccomp.rule]]
syscalls = ["ptrace"]
action = "EPERM"
'''
send(method='textDocument/didOpen', params={'textDocument': {'uri': uri, 'languageId': 'toml', 'version': 1, 'text': start}})
found = receive()
assert found['method'] == 'textDocument/publishDiagnostics' and found['params']['uri'] == uri
by_code = {d['code']: d for d in found['params']['diagnostics']}
typo = by_code['E0201']
assert typo['severity'] == 1 and typo['range']['start'] == {'line': 6, 'character': 0}, typo

# A quick fix, applied.
actions = result('textDocument/codeAction', textDocument=document, range=typo['range'], context={'diagnostics': [typo]})
edit = [a for a in actions if 'linger' in json.dumps(a['edit'])][0]['edit']['changes'][uri][0]
lines = start.split('\n')
row = edit['range']['start']['line']
assert row == edit['range']['end']['line']
lines[row] = lines[row][:edit['range']['start']['character']] + edit['newText'] + lines[row][edit['range']['end']['character']:]
mended = '\n'.join(lines)
assert 'E0201' not in [d['code'] for d in text(mended)]
assert not [d for d in text(mended) if d['severity'] == 1]

# Positions count UTF-16: behind a character of two units.
wrong = [d for d in text('immure = 1\nname = ["𝄞"] # \n"𝄞𝄞" = 1\n') if d['range']['start']['line'] == 2]
assert wrong and wrong[0]['range']['end']['character'] in (4, 6), wrong
text(mended)

def hover(mark, source=mended):
    answer = result('textDocument/hover', textDocument=document, position=place(source, mark))
    return answer['contents']['value'] if answer else ''
assert 'how long processes' in hover('\nling')
assert '/usr/bin/true' in hover('path = "/usr/b') and 'immure:system' in hover('path = "/usr/b'), hover('path = "/usr/b')
assert 'a.toml' in hover('tmpfs = "/t') or 'profile.toml' in hover('tmpfs = "/t'), hover('tmpfs = "/t')
assert 'private, empty filesystem' in hover('\ntmp')
assert 'ext, deny-ns' in hover('"stri')
assert '/usr' in hover('"immure:sys')

def complete(new, mark):
    text(new)
    return [i['label'] for i in result('textDocument/completion', textDocument=document, position=place(new, mark))]
assert {'linger', 'timeout'} <= set(complete(mended.replace('linger = "5s"', 'ti'), '[process]\nti'))
assert {'bind', 'tmpfs', 'overlay'} <= set(complete(mended.replace('tmpfs = "/tmp"', 'ov'), '[[fs]]\nov'))
assert {'size', 'mode'} <= set(complete(mended.replace('tmpfs = "/tmp"', 'tmpfs = "/tmp"\ns'), '"/tmp"\ns'))
assert {'strict', 'deny-ns', 'linux32'} <= set(complete(mended.replace('["strict"]', '["'), 'presets = ["'))
calls = complete(mended.replace('["ptrace"]', '["pt"]'), 'syscalls = ["pt')
assert {'ptrace', '@mount', 'openat'} <= set(calls)
assert {'true', 'false'} <= set(complete(mended.replace('linger = "5s"', 'new-session = '), 'new-session = '))
assert '[[fs]]' in complete(mended + '[', mended + '[')

# Inline tables are what their long forms are, on one line, over several, and unfinished.
inline = '''immure = 1
extends = ["immure:system"]
process = { linger = "5s", on-cancel = "kill" }
landlock.path = [{ path = "/usr", access = ["read", "execute"] }]
fs = [{ bind = "/data/[a], {b}", from = "/", write = true }, { size = "1MiB", tmpfs = "/tmp" },
  # a comment with [ and {
  { overlay = "/layers", lower = ["/etc",
      "/opt"], ephemeral = true },
]
program = { path = "/usr/bin/true" }
[env]
set = { PATH = "/usr/bin" }
[seccomp]
rule = [{ syscalls = ["ptrace"], action = "EPERM", args = [{ index = 0, op = "eq", value = 1 }] }]
'''
faults = [d for d in text(inline) if d['severity'] == 1]
assert not faults, faults
for mark, said in {
    '{ ling': 'how long processes', '"5s", on-c': 'what SIGUSR2', '= "ki': 'kill', '[{ pa': 'a path inside the sandbox', 'access = ["re': '`read`', '{ bi': '[[fs]] bind',
    ', wri': 'may be written', '{ si': 'how much it may hold', ', tmp': 'private, empty', 'tmpfs = "/t': 'tmpfs', '{ overl': '[[fs]] overlay', ', low': 'the lower directories', '      "/o': 'the lower directories',
    ', eph': 'changes go to a private tmpfs', '{ path = "/usr/b': 'immure:system', '{ PA': '**set** of [env]', '{ sysc': '**syscalls** of [[seccomp.rule]]', '{ ind': '**args** of [[seccomp.rule]]'}.items():
    assert said in hover(mark, inline), (mark, hover(mark, inline))
def inside(line): return complete('immure = 1\n' + line + '\n[process]\nlinger = "5s"\n', line)
assert {'bind', 'tmpfs', 'overlay'} <= set(inside('fs = [{ bind = "/usr" }, { '))
assert {'size', 'mode'} <= set(inside('fs = [\n  { bind = "/usr" },\n  { tmpfs = "/tmp", '))
assert 'lower' not in inside('fs = [{ tmpfs = "/tmp", ')
assert {'true', 'false'} == set(inside('fs = [{ bind = "/usr", write = '))
assert {'linger', 'timeout'} <= set(inside('process = { linger = "1s", t'))
assert {'forward', 'interrupt'} <= set(inside('process = { on-cancel = "'))
assert {'ptrace', '@mount'} <= set(inside('seccomp.rule = [{ syscalls = ["pt'))
assert {'linger', 'timeout'} <= set(complete('immure = 1\nfs = [{ bind = "/usr",\n[process]\nlin', '[process]\nlin'))
assert {'none', 'host'} <= set(complete('immure = 1\n[seccomp]\npresets = ["\n[namespaces]\nnetwork = "', 'network = "'))
assert {'ranges'} <= set(complete('immure = 1\n[seccomp]\npresets = [\noptimize = "', 'optimize = "'))

text(mended)
there = result('textDocument/definition', textDocument=document, position=place(mended, '"common'))
assert there['uri'] == 'file://' + os.getcwd() + '/common.toml', there
assert result('textDocument/definition', textDocument=document, position=place(mended, '"immure:')) is None

# Whatever comes, it goes on.
for body in (b'', b'{', b'[]', b'\xff\xfe', b'{"id": 1, "method": 7}', b'{"method": "textDocument/didOpen"}', b'{"method": "textDocument/didChange", "params": {"contentChanges": []}}'):
    raw(body)
replies = [receive() for _ in range(4)]
assert all(r['error']['code'] == -32700 for r in replies), replies
assert ask('no/such', {})['error']['code'] == -32601
assert ask('textDocument/hover', {})['error']['code'] == -32602
assert ask('textDocument/hover', {'textDocument': {'uri': 'file:///other'}, 'position': {}})['result'] is None
for cut in range(0, len(mended + inline), 7):
    text((mended if cut < len(mended) else inline)[:cut % len(mended)] + '\n[[fs]]\nbind = "')
    for at in ({'line': 0, 'character': 99999}, {'line': 99999, 'character': 0}, {'line': -1, 'character': -1}, {'line': 'x'}):
        ask('textDocument/hover', {'textDocument': document, 'position': at})
        ask('textDocument/completion', {'textDocument': document, 'position': at})
        ask('textDocument/definition', {'textDocument': document, 'position': at})

send(method='textDocument/didClose', params={'textDocument': document})
assert receive()['params']['diagnostics'] == []
assert result('shutdown') is None
send(method='exit')
assert server.wait(10) == 0
print('done')
END
run_ok python3 client.py
assert_eq "$output" 'done'

# Without a word, and without a length.
run "$IMMURE" lsp
assert_status 2
printf 'Content-Length: many\r\n\r\n' >bad
input=bad
run "$IMMURE" lsp
assert_status 2
