"""What faults.py, load.py and probes.py share: as whom they run launchers, and what of a launcher is still there."""
import contextlib
import glob
import os
import pwd
import sys

USER = "immure-test"


def users():
    """(entry of the password file, or None for whoever runs this; name): as root everything runs twice, as root and as an ordinary user."""
    if os.geteuid() != 0:
        return [(None, "an ordinary user")]
    try:
        return [(None, "root"), (pwd.getpwnam(USER), USER)]
    except KeyError:
        print(f"SKIP: there is no user {USER} (./dev test makes one)")
        sys.exit(77)


def become(user):
    """In a child process, for good."""
    if user is None:
        return
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


def processes(name):
    """The pids of those that are called so: of a launcher, supervisors and inits."""
    found = []
    for path in glob.glob("/proc/[0-9]*/comm"):
        with contextlib.suppress(OSError), open(path) as file:
            if file.read().strip() == name:
                found.append(int(path.split("/")[2]))
    return found
