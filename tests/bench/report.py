"""What a run of bench.py says: tables in Markdown, the goals, and the comparison with an earlier run."""
import statistics

# The goals: (what, group, variant, user or None for each, command, value, most)
GOALS = [
    ('standard, to the floor', 'launch', 'own network', 'immure', 'to_floor', 1.2),
    ('standard, to bwrap', 'launch', 'own network', 'immure', 'to_bwrap', 0.40),
    ('all defaults, to the floor', 'launch', 'own network', 'immure, all defaults', 'to_floor', 1.45),
    ('all defaults, to bwrap', 'launch', 'own network', 'immure, all defaults', 'to_bwrap', 0.50),
    ('standard, system calls', 'launch', 'own network', 'immure', 'calls', 150),
    ('all defaults, system calls', 'launch', 'own network', 'immure, all defaults', 'calls', 190),
    ('standard, page faults', 'launch', 'own network', 'immure', 'faults', 20),
    ('all defaults, page faults', 'launch', 'own network', 'immure, all defaults', 'faults', 20),
    ('1,000 binds, to the floor', 'binds', '1000', 'immure', 'to_floor', 1.3),
    ('1,000 mounts on the host, more microseconds', 'host mounts', '1000', 'immure', 'more_us', 2000),
    ('launcher with the strict filter, bytes', 'size', '', 'immure, all defaults', 'bytes', 32768),
    ('supervisor and init, KiB PSS', 'memory', '', 'immure', 'pss_kib', 64),
    ('`build`, microseconds over `--version`', 'compile', '10 ops', 'immure build', 'over_version_us', 10_000),
    ('`build` of 10,000 ops, microseconds', 'compile', '10000 ops', 'immure build', 'median_us', 100_000),
    ('`check` of 1,000 profiles, microseconds', 'compile', '1000 profiles', 'immure check', 'median_us', 1_000_000),
]

TITLES = {
    'launch': 'Start to exit',
    'parts': 'What each part costs',
    'binds': 'With more read-only binds',
    'host mounts': 'With more mounts on the host',
    'throughput': 'Launches a second, two loops at once',
    'memory': "Memory of each launcher's own processes while the program sleeps",
    'size': 'Size of the executable',
    'compile': 'Compiling',
}
COLUMNS = {
    'name': 'command', 'variant': 'case', 'user': 'user', 'median_us': 'median µs', 'min_us': 'min µs', 'p90_us': 'p90 µs', 'to_floor': 'to the floor', 'to_floor_min': 'of minima', 'to_bwrap': 'to bwrap',
    'to_bwrap_min': 'of minima', 'more_us': 'more µs', 'more_us_min': 'of minima', 'over_version_us': 'over `--version` µs', 'calls': 'system calls', 'faults': 'page faults', 'processes': 'processes',
    'pss_kib': 'PSS KiB', 'bytes': 'bytes', 'libraries_bytes': 'of its libraries', 'launches_per_second': 'a second',
}


def show(value):
    if value is None or value == '':
        return ''
    if isinstance(value, float):
        return f'{value:.2f}' if abs(value) < 100 else f'{value:,.0f}'
    return f'{value:,}' if isinstance(value, int) else str(value)


def table(rows, columns):
    head = [COLUMNS.get(column, column) for column in columns]
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '|'.join('---' if i < 3 and column in ('name', 'variant', 'user') else '---:' for i, column in enumerate(columns)) + '|']
    lines += ['| ' + ' | '.join(show(row.get(column)) for column in columns) + ' |' for row in rows]
    return '\n'.join(lines)


def markdown(result):
    machine = result['machine']
    parts = [f"{result['versions']['immure']}, {machine['kernel']}, {machine['processors']} processors, {machine['mounts']} mounts on the host, load {machine['load_before']} before and "
             f"{machine['load_after']} after, {result['date']}. Peers: {', '.join(version for name, version in result['versions'].items() if name != 'immure') or 'none'}."]
    for name, differs in result['differences'].items():
        parts.append(f'Not the standard sandbox: {name} {differs}.')
    for group, title in TITLES.items():
        rows = [row for row in result['rows'] if row['group'] == group]
        columns = [column for column in COLUMNS if any(row.get(column) not in (None, '') for row in rows)]
        if rows:
            parts.append(f'## {title}\n{table(rows, columns)}')
    parts.append('## Goals\n' + table(goals(result), ['goal', 'user', 'most', 'measured', 'held']))
    return '\n\n'.join(parts) + '\n'


def goals(result):
    found = []
    for goal, group, variant, name, value, most in GOALS:
        for row in result['rows']:
            if (row['group'], row['variant'], row['name']) == (group, variant, name) and row.get(value) is not None:
                found.append({'goal': goal, 'user': row['user'], 'most': most, 'measured': row[value], 'held': 'yes' if row[value] <= most else 'no'})
    return found


def comparison(result, earlier):
    """Now divided by then. `to the floor` is the ratio that a busier machine does not move."""
    key = lambda row: (row['group'], row['variant'], row['user'], row['name'])
    then = {key(row): row for row in earlier['rows']}
    rows = []
    for row in result['rows']:
        old = then.get(key(row))
        if old is None:
            continue
        values = ('median_us', 'min_us', 'to_floor', 'to_floor_min', 'calls', 'faults', 'pss_kib', 'bytes', 'launches_per_second')
        rows.append({'name': row['name'], 'variant': ' '.join(filter(None, (row['group'], row['variant']))), 'user': row['user'],
                     **{value: round(row[value] / old[value], 3) for value in values if row.get(value) and old.get(value)}})
    columns = ['name', 'variant', 'user', 'median_us', 'min_us', 'to_floor', 'to_floor_min', 'calls', 'faults', 'pss_kib', 'bytes', 'launches_per_second']
    return f"## Now divided by {earlier['date']}\n{table(rows, columns)}\n"


def spread(nanoseconds):
    ordered = sorted(nanoseconds)
    us = lambda value: round(value / 1000, 1)
    return {'median_us': us(statistics.median(ordered)), 'min_us': us(ordered[0]), 'p90_us': us(ordered[len(ordered) * 9 // 10]), 'runs': len(ordered)}


def ratios(values, bases):
    """Ratios of medians, and of the quietest moments, to each base."""
    out = {}
    for label, base in bases.items():
        if base and base['median_us']:
            out[f'to_{label}'] = round(values['median_us'] / base['median_us'], 3)
            out[f'to_{label}_min'] = round(values['min_us'] / base['min_us'], 3)
    return out
