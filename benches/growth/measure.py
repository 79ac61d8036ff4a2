"""Runs of the program, with their processor time and peak memory."""

import math
import statistics
import subprocess
import sys


class Failed(Exception):
    """A run that did not end as it should."""


# The kernel counts what the parent held at the fork as memory of the child: a bare interpreter holds least.
LAUNCHER = """
import os, sys
null = os.open(os.devnull, os.O_RDWR)
files = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=files)
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def once(command):
    """Seconds of processor time, user and system (the kernel divides short runs between the two by chance),
    and peak megabytes."""
    command = [str(part) for part in command]
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True)
    code, seconds, kilobytes = done.stdout.split()
    if code != "0":
        raise Failed(f"{' '.join(command)}: exit code {code}: {done.stderr.strip()[-400:]}")
    return float(seconds), int(kilobytes) / 1024


def floor_mb():
    """Peak memory of a command that does nothing: below that, memory cannot be told."""
    return once(["/bin/true"])[1]


def run(command):
    """Medians of five runs of a short command, three of a middling one, or one run of a long one."""
    runs = [once(command)]
    wanted = 5 if runs[0][0] < 0.5 else 3 if runs[0][0] < 5 else 1
    runs.extend(once(command) for _ in range(wanted - 1))
    return tuple(statistics.median(values) for values in zip(*runs))


# Below this, a step's time is mostly the start of the process.
LEAST_SECONDS = 0.01
# Room above n log n for caches that no longer hold what is worked on.
ROOM = 0.1


class Point:
    """One size, what it took, and how that grew from the size before."""

    def __init__(self, size, seconds, megabytes):
        self.size, self.seconds, self.megabytes = size, seconds, megabytes
        # Of the step from the size before, and what n log n would have there.
        self.exponent = None
        self.allowed = None

    @property
    def steep(self):
        return self.exponent is not None and self.exponent > self.allowed + ROOM


def judge(points, start):
    """Gives each point the exponent of its step and the one that n log n has, start-up taken off."""
    for before, point in zip(points, points[1:]):
        old, new = before.seconds - start, point.seconds - start
        if old < LEAST_SECONDS or new < LEAST_SECONDS or point.size <= before.size:
            continue
        span = math.log(point.size / before.size)
        point.exponent = math.log(new / old) / span
        point.allowed = 1 + math.log(math.log(point.size) / math.log(before.size)) / span
