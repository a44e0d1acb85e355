#!/usr/bin/env python3
"""bench.py IMMURE: what a launch costs beside other launchers building the same sandbox, and what compiling costs.

Everything is measured in turns, in random order within each turn (rounds.c), so that a busy moment of the machine meets every command alike: absolute times belong
to the machine and the moment, ratios are what to read. The floor (floor.c) is a launcher written by hand for this one sandbox and marks what the kernel's own work costs.

The standard sandbox: new user, mount, pid, ipc, uts, cgroup and network namespaces; the caller's ids; /usr and /etc read-only and the links of a merged /usr; a fresh
/proc; a minimal /dev with pts; tmpfs on /tmp and /home; one more read-only bind; no new privileges, no capabilities, an init, Landlock scopes; a filter that denies the
calls of DENIED; a host name; loopback up. "immure" builds exactly that; "immure, all defaults" adds what a profile gets that says nothing: /proc hardened, and the
strict filter. Around a static program that does nothing. Each command is asked first what its sandbox looks like from inside, and what differs is said.

Results go to build/bench/latest.json, and as Markdown to standard output. Run as root it measures root and an ordinary user.
"""
import argparse
import ctypes
import datetime
import json
import os
import pathlib
import platform
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import time

from launchers import HERE, Bench, output_of, stop
from report import comparison, markdown, ratios, spread

SOURCE = HERE.parent.parent
OURS = ('floor', 'immure', 'immure, all defaults')


def look_inside(bench, user, network):
    """Asks each sandbox what it is from inside; returns the names of the commands that run here at all."""
    kinds = ('user', 'mnt', 'pid', 'ipc', 'uts', 'cgroup', 'net')
    host = ' '.join(os.readlink(f'/proc/self/ns/{kind}') for kind in kinds)
    script = (f'host="{host}"; for n in {" ".join(kinds)}; do case $host in *"$(readlink /proc/self/ns/$n)"*) ;; *) printf "%s " $n;; esac; done; '
              'sed -n "s/^\\(CapEff\\|NoNewPrivs\\|Seccomp\\):[^0-9]*/\\1=/p" /proc/self/status | tr "\\n" " "; '
              'for d in /usr /etc /app; do touch $d/.bench 2>/dev/null && printf "%s-writable " $d; done; '
              'for d in /tmp /home; do touch $d/.bench 2>/dev/null || printf "%s-closed " $d; done; cat /proc/sys/kernel/hostname')
    expected = [kind for kind in kinds if network or kind != 'net'] + ['CapEff=0000000000000000', 'NoNewPrivs=1', 'Seccomp=2', 'sandbox']
    runs = []
    for name, (command, descriptor, _) in bench.commands(['/usr/bin/sh', '-c', script], user, network).items():
        seen = bench.run(user, command, descriptor, timeout=60)
        if seen.returncode != 0:
            why = (seen.stderr.strip().splitlines() or ['no reason given'])[0]
            if name in OURS:
                stop(f'{name} does not run as {user.name}: {why}')
            bench.differences[f'{name}, as {user.name},'] = f'it does not run here ({why})'
            continue
        runs.append(name)
        words = seen.stdout.split()
        differs = [word for word in words if word not in expected] + [f'no {word}' for word in expected if word not in words]
        if differs and name in OURS:
            stop(f'{name} is not the standard sandbox: {" ".join(differs)}')
        if differs:
            bench.differences[name] = ', '.join(differs)
    return runs


def measure_launches(bench, user):
    for network in (True, False):
        runs = look_inside(bench, user, network)
        commands = {name: command for name, command in bench.commands(['/app/nothing'], user, network).items() if name in runs}
        commands['the program alone'] = ([bench.app / 'nothing'], None, 1)
        samples = bench.rounds(user, commands, [40 if bench.quick else 400, 5])
        times = {name: spread([sample[0] for sample in of]) for name, of in samples.items()}
        for name, (command, descriptor, _) in commands.items():
            bench.add('launch', 'own network' if network else "the host's network", user, name, **times[name], faults=round(statistics.median(sample[1] for sample in samples[name])),
                      calls=bench.system_calls(user, command, descriptor), **ratios(times[name], {'floor': times['floor'], 'bwrap': times.get('bwrap')}))


def measure_parts(bench, user):
    """What each part of a default launch costs: the standard sandbox with one thing more or less."""
    launcher = lambda **options: [bench.launcher(['/app/nothing'], **options)]
    commands = {'floor': [bench.floor_path(True), '0', '/app/nothing'],
                'floor, bounding set dropped call by call': [bench.work / 'floor-bounding', '0', '/app/nothing'],
                'floor, init with memory of its own': [bench.work / 'floor-fork', '0', '/app/nothing'],
                'floor, both': [bench.work / 'floor-both', '0', '/app/nothing'],
                'standard': launcher(),
                'standard, /proc hardened': launcher(harden=True),
                'standard, strict filter': launcher(seccomp=''),
                'standard, no filter': launcher(seccomp='[seccomp]\nenabled = false'),
                'standard, nested namespaces allowed': launcher(extra='nested = true'),
                'standard, outliving its supervisor': launcher(extra='[process]\ndie-with-supervisor = false'),
                'standard, no Landlock scopes': launcher(extra='[landlock]\nscope = []'),
                'all defaults': launcher(defaults=True)}
    commands = {name: (command, None, 1) for name, command in commands.items()}
    samples = bench.rounds(user, commands, [40 if bench.quick else 400, 5])
    times = {name: spread([sample[0] for sample in of]) for name, of in samples.items()}
    for name, (command, _, _) in commands.items():
        base = 'floor' if name.startswith('floor') else 'standard'
        bench.add('parts', '', user, name, **times[name], calls=bench.system_calls(user, command, None), more_us=round(times[name]['median_us'] - times[base]['median_us'], 1),
                  **ratios(times[name], {'floor': times['floor']}))


def measure_binds(bench, user):
    for binds in (10, 100, 1000):
        commands = bench.commands(['/app/nothing'], user, True, binds)
        del commands['immure, all defaults']
        rounds = (3 if binds == 1000 else 10) * (1 if bench.quick else 5)
        if 'bwrap' in commands:  # it reads the list of mounts anew for each bind
            commands['bwrap'] = (*commands['bwrap'][:2], max(1, binds // 200) if not bench.quick else rounds)
        samples = bench.rounds(user, commands, [rounds, 1])
        times = {name: spread([sample[0] for sample in of]) for name, of in samples.items()}
        for name in commands:
            bench.add('binds', str(binds), user, name, **times[name], **ratios(times[name], {'floor': times['floor'], 'bwrap': times.get('bwrap')}))


def measure_host_mounts(bench, user, count=1000):
    """The same with many more mounts on the host: in a mount namespace of its own, in turns with the one without."""
    place = bench.work / 'mounts'
    place.mkdir(exist_ok=True)
    keeper = subprocess.Popen(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', f'i=0; mount -t tmpfs none {place}; while [ $i -lt {count} ]; do '
                               f'mkdir {place}/$i && mount -t tmpfs none {place}/$i || exit 1; i=$((i + 1)); done; echo ready; exec sleep 600'], stdout=subprocess.PIPE, text=True)
    try:
        if keeper.stdout.readline() != 'ready\n':
            return stop('the many mounts cannot be made')
        commands = bench.commands(['/app/nothing'], user, True)
        commands = {name: (command, descriptor, 1) for name, (command, descriptor, _) in commands.items() if name in ('floor', 'immure', 'bwrap')}
        few, many = {name: [] for name in commands}, {name: [] for name in commands}
        for _ in range(3 if bench.quick else 10):
            for samples, outside in ((few, ()), (many, ('nsenter', f'--mount=/proc/{keeper.pid}/ns/mnt'))):
                for name, of in bench.rounds(user, commands, [5, 1], outside).items():
                    samples[name] += [sample[0] for sample in of]
    finally:
        keeper.kill()
        keeper.wait()
    for name in commands:
        before, after = spread(few[name]), spread(many[name])
        bench.add('host mounts', str(count), user, name, **after, more_us=round(after['median_us'] - before['median_us'], 1), more_us_min=round(after['min_us'] - before['min_us'], 1))


def processes_below(pid):
    yield pid
    for task in pathlib.Path(f'/proc/{pid}/task').glob('*/children'):
        for child in task.read_text().split():
            yield from processes_below(int(child))


def same_memory(a, b):
    kcmp, vm = {'x86_64': 312, 'aarch64': 272}[platform.machine()], 1
    return ctypes.CDLL(None, use_errno=True).syscall(kcmp, a, b, vm, 0, 0) == 0


def memory_of(pids):
    """Proportional set size in KiB, memory that two processes share counted once."""
    seen, total = [], 0
    for pid in pids:
        if not any(same_memory(pid, other) for other in seen):
            seen.append(pid)
            total += int(re.search(r'^Pss:\s+(\d+)', pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text(), re.M)[1])
    return total


def measure_memory(bench, user):
    for name, (command, descriptor, _) in bench.commands(['/app/sleep'], user, True).items():
        process = subprocess.Popen(bench.wrapped(user, command, descriptor), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        tree, own = [], None
        try:
            for _ in range(100):
                time.sleep(0.05)
                tree = list(processes_below(process.pid))
                programs = [pid for pid in tree if os.readlink(f'/proc/{pid}/exe').endswith('/sleep')]
                if programs:
                    time.sleep(0.3)  # until those around it sleep as well
                    own = [pid for pid in processes_below(process.pid) if pid not in programs]
                    bench.add('memory', '', user, name, processes=len(own), pss_kib=memory_of(own))
                    break
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            pass  # an init that only root may look at, or a command that does not run here
        for pid in reversed(tree):
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        process.wait()
        if name == 'crun':
            bench.run(user, [*command[:3], 'delete', '-f', 'bench'])


def measure_throughput(bench, user):
    commands = bench.commands(['/app/nothing'], user, True)
    commands = {name: command for name, command in commands.items() if name in ('floor', 'immure', 'immure, all defaults', 'bwrap')}
    rates = {name: [] for name in commands}
    for _ in range(1 if bench.quick else 5):
        for name, of in bench.rounds(user, commands, ['-t', 0.3, 2]).items():
            rates[name].append(of[0][0])
    best = {name: max(of) for name, of in rates.items()}
    for name in commands:
        bench.add('throughput', '2 loops', user, name, launches_per_second=round(best[name]), to_floor=round(best[name] / best['floor'], 3),
                  **({'to_bwrap': round(best[name] / best['bwrap'], 2)} if 'bwrap' in best else {}))


def measure_sizes(bench):
    for defaults, name in ((False, 'immure'), (True, 'immure, all defaults')):
        bench.add('size', '', None, name, bytes=bench.launcher(['/app/nothing'], defaults=defaults).stat().st_size)
    bench.add('size', '', None, 'floor', bytes=bench.floor_path(True).stat().st_size)
    for peer in ('bwrap', 'crun', 'nsjail', 'firejail'):
        if path := shutil.which(peer):
            libraries = re.findall(r'(/\S+) \(0x', output_of(['ldd', path]))
            bench.add('size', '', None, peer, bytes=os.stat(path).st_size, libraries_bytes=sum(os.stat(library).st_size for library in libraries))


def many_ops(count, first=0):
    """A profile of so many ops, of the kinds that profiles are made of; `first` makes one differ from the next."""
    kinds = ['dir = "/data/{0}"', 'bind = "/usr{0}"\nfrom = "/usr/share/doc{0}"\noptional = true', 'symlink = "/links/{0}"\nto = "../data/{0}"', 'tmpfs = "/scratch/{0}"\nsize = "1MiB"',
             'file = "/files/{0}"\ntext = "number {0}"']
    ops = ''.join(f'[[fs]]\n{kinds[i % len(kinds)].format(i)}\n' for i in range(first, first + count))
    return f'immure = 1\nextends = ["immure:system"]\n[program]\npath = "/usr/bin/true"\n{ops}'


def measure_compiling(bench, user):
    version = [bench.immure, '--version']
    output = user.directory(bench.work, 'output') / 'launcher'
    for ops in (10, 100, 1000, 10000):
        profile = bench.work / f'ops-{ops}.toml'
        profile.write_text(many_ops(ops))
        commands = {'immure --version': (version, None, 1), 'immure check': ([bench.immure, 'check', profile], None, 1), 'immure build': ([bench.immure, 'build', profile, '-o', output], None, 1)}
        add_compiling(bench, user, f'{ops} ops', commands, 10 if bench.quick else 40)
    profiles = bench.work / 'profiles'
    profiles.mkdir(exist_ok=True)
    for i in range(1000):
        (profiles / f'{i}.toml').write_text(many_ops(50, i))
    commands = {'immure --version': (version, None, 1), 'immure check': ([bench.immure, 'check', '--jobs', '1', profiles], None, 1)}
    add_compiling(bench, user, '1000 profiles', commands, 3 if bench.quick else 7)


def add_compiling(bench, user, variant, commands, rounds):
    samples = bench.rounds(user, commands, [rounds, 1])
    times = {name: spread([sample[0] for sample in of]) for name, of in samples.items()}
    for name in commands:
        bench.add('compile', variant, user, name, **times[name], over_version_us=round(times[name]['median_us'] - times['immure --version']['median_us'], 1))


def version_of(command):
    try:
        return output_of([command, '--version']).strip().splitlines()[0]
    except (subprocess.CalledProcessError, IndexError):
        return command


def enter_private_mounts():
    """crun refuses a host that has cgroup v1 beside v2: there, the measurements see v2 alone."""
    if os.getuid() != 0 or 'IMMURE_BENCH_INSIDE' in os.environ or os.path.exists('/sys/fs/cgroup/cgroup.controllers'):
        return
    os.environ['IMMURE_BENCH_INSIDE'] = '1'
    again = shlex.join([sys.executable, *sys.argv])
    os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', f'mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null; exec {again}'])


def main():
    parser = argparse.ArgumentParser(description='What launches and compiling cost, beside other launchers.')
    parser.add_argument('immure', help='the release command')
    parser.add_argument('--quick', action='store_true', help='a tenth of the rounds')
    parser.add_argument('--compare', metavar='FILE', help='also print ratios to an earlier run')
    parser.add_argument('--only', metavar='SECTION', action='append', help='launch, parts, binds, mounts, memory, throughput or compile; may be repeated')
    options = parser.parse_args()
    earlier = json.loads(pathlib.Path(options.compare).read_text()) if options.compare else None
    enter_private_mounts()

    load_before = round(os.getloadavg()[0], 1)
    bench = Bench(options)
    wanted = lambda section: not options.only or section in options.only
    try:
        bench.prepare()
        for user in bench.users:
            if wanted('launch'):
                measure_launches(bench, user)
            if wanted('parts'):
                measure_parts(bench, user)
            if wanted('throughput'):
                measure_throughput(bench, user)
            if wanted('memory') and os.getuid() == 0:
                measure_memory(bench, user)
            if wanted('binds'):
                measure_binds(bench, user)
            if wanted('mounts') and os.getuid() == 0:
                measure_host_mounts(bench, user)
        measure_sizes(bench)
        if wanted('compile'):
            measure_compiling(bench, bench.users[-1])
    finally:
        shutil.rmtree(bench.work, ignore_errors=True)

    result = {
        'date': datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ'),
        'machine': {'kernel': f'{platform.system()} {platform.release()}', 'processors': os.cpu_count(), 'mounts': len(pathlib.Path('/proc/self/mountinfo').read_text().splitlines()),
                    'load_before': load_before, 'load_after': round(os.getloadavg()[0], 1)},
        'versions': {'immure': version_of(options.immure), **{peer: version_of(peer) for peer in ('bwrap', 'crun', 'nsjail', 'firejail') if shutil.which(peer)}},
        'differences': bench.differences,
        'rows': bench.rows,
    }
    results = SOURCE / 'build' / 'bench'
    results.mkdir(parents=True, exist_ok=True)
    (results / 'latest.json').write_text(json.dumps(result, indent=1) + '\n')
    text = markdown(result)
    if earlier:
        text += '\n' + comparison(result, earlier)
    (results / 'latest.md').write_text(text)
    print(text)
    print('written to build/bench/latest.json and build/bench/latest.md')


if __name__ == '__main__':
    main()
