"""Named places where a test may make the program fail.

Each commit and each effect that leaves the process passes one `faultpoint`. In production it is a
dictionary look-up that finds nothing. A test arms one point by `TIGHTROPE_FAULT="name"` (fail once),
`"name:3"` (fail the third passage) or `"name:kill"` (die as by SIGKILL), and then asks `verify` whether
anything was lost, doubled or contradicts.
"""

from __future__ import annotations

import os
import signal

POINTS: dict[str, str] = {}
"""Every declared point and what happens there, so that a test can enumerate them all."""

_armed: dict[str, str] = {}
_passed: dict[str, int] = {}


class InjectedFault(RuntimeError):
    """A fault that a test asked for."""


def declare(name: str, what: str) -> str:
    """Make a fault point known; returns the name so that modules can keep it as a constant."""
    POINTS[name] = what
    return name


def arm(name: str, how: str = "1") -> None:
    """Let the point fail at its n-th passage (`how` = "3") or kill the process (`"kill"`)."""
    _armed[name] = how
    _passed[name] = 0


def disarm() -> None:
    """Let every point pass again."""
    _armed.clear()
    _passed.clear()


def faultpoint(name: str) -> None:
    """Pass a named point; raises InjectedFault or dies there when a test armed it."""
    how = _armed.get(name)
    if how is None:
        return
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    _passed[name] += 1
    if _passed[name] == int(how):
        del _armed[name]
        raise InjectedFault(name)


for _entry in filter(None, os.environ.get("TIGHTROPE_FAULT", "").split(",")):
    _name, _, _how = _entry.partition(":")
    arm(_name, _how or "1")
