"""The launchers that are measured, and how each is told to build the standard sandbox of bench.py."""
import hashlib
import json
import os
import pathlib
import pwd
import re
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ORDINARY = 'immure-test'

DENIED = '''
    syslog uselib acct quotactl add_key keyctl request_key move_pages mbind get_mempolicy set_mempolicy migrate_pages unshare setns mount umount2 pivot_root chroot clone3
    open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr perf_event_open personality ptrace modify_ldt adjtimex clock_adjtime clock_settime settimeofday
    delete_module finit_module init_module kexec_file_load kexec_load reboot swapoff swapon chown fchown fchownat lchown setgid setgroups setregid setresgid setresuid
    setreuid setuid bpf userfaultfd io_uring_setup io_uring_enter io_uring_register name_to_handle_at open_by_handle_at iopl ioperm vhangup process_vm_readv
    process_vm_writev kcmp fanotify_init pidfd_getfd process_madvise sethostname setdomainname sysfs ustat mknod mknodat setfsuid setfsgid vmsplice'''.split()
LINKS = ['lib', 'lib64', 'bin']
DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty']


def stop(message):
    sys.exit(f'bench: {message}')


def output_of(command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class User:
    """Whom commands run as: this process's user, or another one when that is root."""

    def __init__(self, name):
        entry = pwd.getpwnam(name)
        self.name, self.uid, self.gid = name, entry.pw_uid, entry.pw_gid
        self.prefix = []
        if self.uid != os.getuid():
            self.prefix = ['/usr/bin/setpriv', f'--reuid={self.uid}', f'--regid={self.gid}', '--clear-groups', '--inh-caps=-all']

    def directory(self, parent, name):
        path = parent / f'{name}-{self.uid}'
        path.mkdir(exist_ok=True)
        os.chown(path, self.uid, self.gid)
        return path


class Bench:
    def __init__(self, options):
        self.quick = options.quick
        self.work = pathlib.Path(tempfile.mkdtemp(prefix='immure-bench-'))
        self.work.chmod(0o755)
        self.app = self.work / 'app'
        self.app.mkdir()
        self.immure = self.work / 'immure'  # the command may lie where an ordinary user cannot go
        shutil.copy(options.immure, self.immure)
        self.users = [User(pwd.getpwuid(os.getuid()).pw_name)]
        if os.getuid() == 0:
            try:
                self.users.append(User(ORDINARY))
            except KeyError:
                print(f'bench: there is no user {ORDINARY}: only root is measured', file=sys.stderr)
        self.rows = []
        self.differences = {}  # command: how its sandbox is not the standard one, or why it does not run here

    def add(self, group, variant, user, name, **values):
        self.rows.append({'group': group, 'variant': variant, 'user': user.name if user else '', 'name': name, **values})

    # -- programs
    def compile(self, output, source, *flags):
        small = ['-Os', '-Wall', '-Wextra', '-static', '-ffreestanding', '-nostdlib', '-fno-pie', '-no-pie', '-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-fcf-protection=none',
                 '-fomit-frame-pointer', '-s', '-Wl,-z,noseparate-code,-z,norelro,-z,noexecstack,--build-id=none,-n']
        subprocess.run(['cc', '-std=gnu17', *small, *flags, HERE / source, '-o', output], check=True)
        return output

    def prepare(self):
        subprocess.run(['cc', '-std=gnu17', '-O2', '-Wall', '-Wextra', HERE / 'rounds.c', '-o', self.work / 'rounds'], check=True)
        self.compile(self.app / 'nothing', 'program.c')
        self.compile(self.app / 'sleep', 'program.c', '-DSLEEP')
        self.filter = self.work / 'denied.bpf'
        self.filter.write_bytes(subprocess.run([self.immure, 'emit', 'bpf', self.profile(['/app/nothing'])], check=True, capture_output=True).stdout)
        self.linear = self.work / 'denied-linear.bpf'
        self.linear.write_bytes(linear_filter(DENIED))
        for network in (True, False):
            self.compile(self.floor_path(network), 'floor.c', f'-DAPP="{self.app}"', f'-DFILTER="{self.filter}"', f'-DNETWORK={int(network)}')
        for name, flags in {'floor-bounding': ['-DBOUNDING'], 'floor-fork': ['-DFORK'], 'floor-both': ['-DBOUNDING', '-DFORK']}.items():
            self.compile(self.work / name, 'floor.c', f'-DAPP="{self.app}"', f'-DFILTER="{self.filter}"', *flags)

    def floor_path(self, network):
        return self.work / ('floor' if network else 'floor-host-network')

    # -- our launchers
    def profile(self, program, network=True, binds=0, defaults=False, harden=None, extra='', seccomp=None):
        """The standard sandbox as a profile, or with `defaults` the one that says nothing of /proc and the filter. Written under a name that says what it is."""
        if seccomp is None:
            seccomp = '' if defaults else f'[seccomp]\npresets = []\n[[seccomp.rule]]\nsyscalls = {json.dumps(DENIED)}\naction = "EPERM"'
        harden = defaults if harden is None else harden
        ops = ['bind = "/usr"', 'bind = "/etc"', f'bind = "/app"\nfrom = "{self.app}"', *(f'symlink = "/{link}"\nto = "usr/{link}"' for link in LINKS), 'dev = "/dev"',
               'tmpfs = "/tmp"\nmode = "1777"', 'tmpfs = "/home"', 'proc = "/proc"' + ('' if harden else '\nharden = false'),
               *(f'bind = "/b{i}"\nfrom = "/usr/share"' for i in range(binds))]
        text = '\n'.join(['immure = 1', 'name = "sandbox"', '[program]', f'path = {json.dumps(program[0])}', f'args = {json.dumps(program[1:])}'.replace('$', '$$'), 'pass-args = false',
                          '[namespaces]', f'network = "{"loopback" if network else "host"}"', 'hostname = "sandbox"', extra, seccomp, *(f'[[fs]]\n{op}' for op in ops)]) + '\n'
        path = self.work / f'profile-{hashlib.sha256(text.encode()).hexdigest()[:12]}.toml'
        path.write_text(text)
        return path

    def launcher(self, *arguments, **options):
        profile = self.profile(*arguments, **options)
        output = profile.with_suffix('')
        if not output.exists():
            built = subprocess.run([self.immure, 'build', profile, '-o', output], capture_output=True, text=True)
            if built.returncode != 0:
                stop(built.stderr + profile.read_text())
        return output

    # -- command lines
    def commands(self, program, user, network, binds=0):
        """Every launcher's command that runs `program`: name -> (command, descriptor 9, only every so many rounds)."""
        binds_of = lambda *words: [word for i in range(binds) for word in (*words, f'/b{i}')]
        found = {
            'floor': ([self.floor_path(network), str(binds), *program], None, 1),
            'immure': ([self.launcher(program, network, binds)], None, 1),
            'immure, all defaults': ([self.launcher(program, network, binds, defaults=True)], None, 1),
        }
        if path := shutil.which('bwrap'):
            found['bwrap'] = ([path, '--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup', *(['--unshare-net'] if network else []),
                               '--die-with-parent', '--hostname', 'sandbox', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64',
                               '--symlink', 'usr/bin', '/bin', '--ro-bind', '/etc', '/etc', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/home',
                               '--ro-bind', self.app, '/app', *binds_of('--ro-bind', '/usr/share'), '--cap-drop', 'ALL', '--seccomp', '9', '--', *program], self.linear, 1)
        if binds:
            return found
        if path := shutil.which('crun'):
            bundle, state = self.oci_bundle(program, user, network), user.directory(self.work, 'crun')
            found['crun'] = ([path, '--root', state, '--cgroup-manager=disabled', 'run', '-b', bundle, 'bench'], None, 4)
        if path := shutil.which('nsjail'):
            found['nsjail'] = (self.nsjail(path, program, user, network), None, 4)
        if path := shutil.which('firejail'):
            # It has no mounts of one's own choosing: the nearest that it can do.
            found['firejail'] = ([path, '--quiet', '--noprofile', '--private', '--private-dev', f'--whitelist={self.app}', *(['--net=none'] if network else []),
                                  '--seccomp=' + ','.join(DENIED), '--caps.drop=all', '--nonewprivs', '--ipc-namespace', '--hostname=sandbox', '--noroot', '--',
                                  *[word.replace('/app/', f'{self.app}/') for word in program]], None, 20)
        return found

    def oci_bundle(self, program, user, network):
        bundle = user.directory(self.work, f'oci-{pathlib.Path(program[0]).name}-{int(network)}')
        root = bundle / 'rootfs'
        root.mkdir(exist_ok=True)
        os.chown(root, user.uid, user.gid)
        for link in LINKS:
            if not (root / link).is_symlink():
                (root / link).symlink_to(f'usr/{link}')
        bind = lambda source, target: {'destination': target, 'type': 'bind', 'source': str(source), 'options': ['rbind', 'ro', 'nosuid', 'nodev']}
        mount = lambda kind, target, *flags: {'destination': target, 'type': kind, 'source': kind, 'options': ['nosuid', *flags]}
        none = {kind: [] for kind in ('bounding', 'effective', 'permitted', 'inheritable', 'ambient')}
        config = {
            'ociVersion': '1.0.2', 'hostname': 'sandbox', 'root': {'path': 'rootfs'},
            'process': {'terminal': False, 'user': {'uid': user.uid, 'gid': user.gid}, 'args': program, 'env': ['PATH=/usr/bin:/bin'], 'cwd': '/', 'noNewPrivileges': True, 'capabilities': none},
            'mounts': [bind('/usr', '/usr'), bind('/etc', '/etc'), mount('proc', '/proc', 'noexec', 'nodev'), mount('tmpfs', '/dev', 'mode=755'),
                       mount('devpts', '/dev/pts', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'), mount('tmpfs', '/tmp', 'nodev', 'mode=1777'),
                       mount('tmpfs', '/home', 'nodev', 'mode=755'), bind(self.app, '/app')],
            'linux': {'namespaces': [{'type': kind} for kind in ('pid', 'ipc', 'uts', 'mount', 'cgroup', 'user', *(['network'] if network else []))],
                      'uidMappings': [{'containerID': user.uid, 'hostID': user.uid, 'size': 1}], 'gidMappings': [{'containerID': user.gid, 'hostID': user.gid, 'size': 1}],
                      'maskedPaths': [], 'readonlyPaths': [],
                      'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'architectures': ['SCMP_ARCH_X86_64'],
                                  'syscalls': [{'names': DENIED, 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 1}]}},
        }
        (bundle / 'config.json').write_text(json.dumps(config))
        return bundle

    def nsjail(self, path, program, user, network):
        policy = self.work / 'denied.kafel'
        policy.write_text('POLICY p { ERRNO(1) { %s } } USE p DEFAULT ALLOW\n' % ', '.join('umount' if name == 'umount2' else name for name in DENIED))
        words = [path, '-Mo', '-Q', '--user', str(user.uid), '--group', str(user.gid), '--hostname', 'sandbox', '--rw', '-R', '/usr', '-R', '/etc', '-R', f'{self.app}:/app']
        words += [] if network else ['--disable_clone_newnet']
        for link in LINKS:
            words += ['-s', f'usr/{link}:/{link}']
        words += ['--mount', 'none:/dev:tmpfs:mode=755']
        for device in DEVICES:
            words += ['-B', f'/dev/{device}']
        words += ['--mount', 'none:/dev/pts:devpts:newinstance,ptmxmode=0666,mode=620', '-s', 'pts/ptmx:/dev/ptmx', '-s', '/proc/self/fd:/dev/fd', '-T', '/tmp', '-T', '/home']
        return [*words, '--proc_rw', '--disable_rlimits', '--seccomp_policy', policy, '--', *program]

    # -- running
    def run(self, user, command, descriptor=None, **options):
        return subprocess.run(self.wrapped(user, command, descriptor), capture_output=True, text=True, stdin=subprocess.DEVNULL, env={'PATH': '/usr/bin:/bin:/usr/sbin'}, **options)

    def wrapped(self, user, command, descriptor=None, before=()):
        words = [*user.prefix, *before, *map(str, command)]
        return words if descriptor is None else ['/bin/sh', '-c', 'exec "$@" 9<"$0"', str(descriptor), *words]

    def rounds(self, user, commands, arguments, outside=()):
        """Runs rounds.c over the commands; the fields of its lines by command."""
        lines = ''.join('\t'.join([str(every), str(descriptor or '-'), *map(str, command)]) + '\n' for command, descriptor, every in commands.values())
        result = subprocess.run([*outside, *user.prefix, self.work / 'rounds', *map(str, arguments)], input=lines, capture_output=True, text=True,
                                env={'PATH': '/usr/bin:/bin:/usr/sbin'}, cwd='/')
        if result.returncode != 0:
            stop(f'{result.stderr.strip()} (as {user.name})')
        names = list(commands)
        samples = {name: [] for name in names}
        for line in result.stdout.splitlines():
            index, *fields = line.split()
            samples[names[int(index)]].append([float(field) for field in fields])
        return samples

    def system_calls(self, user, command, descriptor):
        """Of all processes from start to exit; None where it cannot be traced, as set-user-ID programs for an ordinary user."""
        trace = user.directory(self.work, 'trace') / 'calls'
        done = subprocess.run(self.wrapped(user, command, descriptor, ('/usr/bin/strace', '-f', '-qq', '-o', str(trace))), capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            return None
        return sum(1 for line in trace.read_text().splitlines() if re.match(r'\d+ +\w+\(', line))


def linear_filter(names):
    """One comparison after another, as libseccomp writes filters unless told otherwise: what the peers are usually given."""
    numbers = [int(line) for line in output_of(['cc', '-E', '-P', '-xc', '-'], input='#include <asm/unistd.h>\n' + '\n'.join(f'__NR_{name}' for name in names)).split() if line.isdigit()]
    load_architecture, load_number, equal, give = 4, 0, 0x15, 0x06
    code = [(0x20, 0, 0, load_architecture), (equal, 1, 0, 0xc000003e), (give, 0, 0, 0x80000000), (0x20, 0, 0, load_number)]
    code += [(equal, len(numbers) - i, 0, number) for i, number in enumerate(numbers)]
    code += [(give, 0, 0, 0x7fff0000), (give, 0, 0, 0x00050001)]
    return b''.join(struct.pack('<HBBI', *instruction) for instruction in code)
