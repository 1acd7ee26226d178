"""What the kernel knows about processes."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def works_in(pid: int, folder: Path) -> bool:
    """Whether a live process has `folder` as its working directory, as every PostgreSQL process has its data.

    A number alone proves nothing: after a power cut another program may carry it. Without /proc only that is left.
    """
    try:
        return Path(os.readlink(PROC / str(pid) / "cwd")) == folder.resolve()
    except OSError:
        return not PROC.is_dir() and is_alive(pid)


def processes_in(folder: Path) -> list[int]:
    return [int(entry.name) for entry in PROC.glob("[0-9]*") if works_in(int(entry.name), folder)]


def ends_with_parent(end: signal.Signals) -> None:
    """Run in a child before its program: the kernel sends `end` when the process that started it is gone."""
    with suppress(AttributeError):  # not Linux: the child then outlives a parent that was killed outright
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(end), 0, 0, 0)
