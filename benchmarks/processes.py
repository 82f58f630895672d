"""What a process of this machine uses, as Linux tells it."""

import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def read_resident_mb(pid: int) -> float:
    """Return the memory that a process holds now (its resident set), in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def read_processor_seconds(pid: int) -> float:
    """Return the processor time that all threads of a process have used since its start."""
    # The name of the process, which comes first, may hold blanks and stands in brackets.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def read_busy_seconds() -> float:
    """Return the time for which the cores of this machine have been busy since it started, all of them together."""
    # user, nice, system; then idle, waiting for disks, and what other machines took (steal), which is not ours.
    user, nice, system, *_ = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    return (int(user) + int(nice) + int(system)) / TICKS_PER_SECOND
