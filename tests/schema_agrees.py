#!/usr/bin/env python3
"""Schema and decoder give the same verdict on shape, for every example and every golden profile. schema_agrees.py IMMURE SOURCE_DIRECTORY [TAPLO]

The decoder's verdict is whether `check` finds a diagnostic of the class "shape" in the file; the schema's is that of a JSON Schema validator, and of Taplo, which is what
editors judge with. A code that stands below is one that a schema has no words for: where it alone is the fault, the schema may pass the file, and that is printed."""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib

import jsonschema

CANNOT = {
    'E0109': 'whether a file is there',
    'E0110': 'fragments that extend one another',
    'E0112': 'whether a file can be embedded',
    'E0113': 'comments',
    'E0114': 'comments',
    'E0205': 'a fragment needs no [program], and one schema is for both',
    'E0210': 'values of launch variables',
    'E0211': 'a path without `..`: patterns that look ahead are not in every editor',
    'E0213': 'NUL in a string',
    'E0214': 'launch variables inside of strings',
    'E0215': 'launch variables that are declared elsewhere',
    'E0222': 'what base64 decodes to',
}
# Where the schema refuses more: the decoder calls it an error of meaning.
STRICTER = {
    'E0225': 'a size of 0, which the decoder takes to say what it would mean',
    'E0359': 'an empty list of rights, which the decoder takes to say that it grants nothing',
}

immure, source, taplo = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
schema_path = os.path.join(source, 'schema/profile.schema.json')
schema = json.load(open(schema_path))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
def examples(node, path=''):
    """Each example and default of the schema is one that the schema itself takes."""
    if isinstance(node, dict):
        for value in list(node.get('examples', [])) + ([node['default']] if 'default' in node and 'description' in node else []):
            assert jsonschema.Draft202012Validator(node).is_valid(value), f'{path}: the example {value!r} is not of its own type'
        for key, value in node.items():
            examples(value, f'{path}/{key}')
    elif isinstance(node, list):
        for index, value in enumerate(node):
            examples(value, f'{path}/{index}')


examples(schema)
places = [os.path.join(source, 'examples'), os.path.join(source, 'tests/golden/check')]
files = sorted(os.path.join(place, name) for place in places for name in os.listdir(place) if name.endswith('.toml') and os.path.isfile(os.path.join(place, name)))

report = json.loads(subprocess.run([immure, 'check', '--format', 'json', *files], stdout=subprocess.PIPE).stdout)
shape = {path: set() for path in files}
meaning = {path: set() for path in files}
for found in report['diagnostics']:
    if found['class'] == 'shape' and found['place'] and found['place']['file'] in shape:
        shape[found['place']['file']].add(found['code'])
    elif found['severity'] == 'error' and found['place'] and found['place']['file'] in meaning:
        meaning[found['place']['file']].add(found['code'])

failures, judged, excused = [], {True: [], False: []}, {}
for path in files:
    try:
        document = tomllib.load(open(path, 'rb'))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        continue
    errors = list(validator.iter_errors(document))
    ours, theirs = not shape[path], not errors
    name = os.path.relpath(path, source)
    if ours == theirs:
        judged[ours].append(path)
    elif not ours and shape[path] <= set(CANNOT):
        excused[name] = f'a schema cannot say: {", ".join(CANNOT[code] for code in sorted(shape[path]))}'
    elif ours and meaning[path] & set(STRICTER):
        excused[name] = f'the schema refuses more: {", ".join(STRICTER[code] for code in sorted(meaning[path] & set(STRICTER)))}'
    else:
        why = '; '.join(f'{"/".join(map(str, e.absolute_path))}: {e.message[:150]}' for e in errors[:3]) or ' '.join(sorted(shape[path]))
        failures.append(f'{name}: the decoder {"takes" if ours else "refuses"} it, the schema {"takes" if theirs else "refuses"} it: {why}')
for name, why in excused.items():
    print(f'{name}: {why}')
assert len(judged[True]) > 20 and len(judged[False]) > 20, 'hardly anything was judged'

if taplo:
    def verdicts(paths):
        """Those that Taplo refuses."""
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run([taplo, 'lint', '--no-auto-config', '--schema', 'file://' + os.path.abspath(schema_path), *paths], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=home)
        return set(re.findall(r'invalid file .*?path="([^"]*)"', re.sub(r'\x1b\[[0-9;]*m', '', done.stdout))), done.stdout
    # Nesting of thousands ends Taplo's stack, and the run.
    shallow = {verdict: [path for path in paths if '/E0105_' not in path] for verdict, paths in judged.items()}
    print(f'not given to Taplo: {len(judged[True]) + len(judged[False]) - len(shallow[True]) - len(shallow[False])} profiles that are nested too deep for it')
    refused, output = verdicts(shallow[True] + shallow[False])
    for expected in (True, False):
        for path in shallow[expected]:
            if (path not in refused) != expected:
                failures.append(f'{os.path.relpath(path, source)}: Taplo {"refuses" if path in refused else "takes"} it, the decoder does not')
    if not refused:
        failures.append('Taplo refuses nothing: ' + output[-1000:])
else:
    print('not tried: Taplo, which ./dev test installs')
print(f'{len(judged[True])} profiles taken, {len(judged[False])} refused, by schema and decoder alike')
print('\n'.join(failures))
sys.exit(1 if failures else 0)
