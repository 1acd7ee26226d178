"""Keeps the parts running: starts them, starts again what ended, stops all in order."""

from __future__ import annotations

# ruff: noqa: S603 - the programs that run here are our own parts, never words of a user.
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Protocol

from tightrope.runtime.journal import Journal, say
from tightrope.runtime.processes import ends_with_parent

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
STEADY_AFTER = 60.0  # a part that ran so long is well again: its next pause is the first one
BEAT = 0.2
TRIES_OF_ONCE = 5


class Keeper(Protocol):
    """Something that is watched without being our child: the embedded database."""

    def is_up(self) -> bool: ...
    def bring_back(self) -> None: ...


@dataclass(frozen=True)
class Part:
    """One program of the whole.

    `once`: when it ends well it is not started again; when it fails it gets a few more tries, since what took it
    along (the database was away) mostly passes. `may_start`: it waits until this is true.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    once: bool = False
    grace: float = 10.0
    may_start: Callable[[], bool] = lambda: True


@dataclass
class _Run:
    """A part as it runs, or waits to."""

    part: Part
    journal: Journal
    process: subprocess.Popen[bytes] | None = None
    output: int = -1
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float | None = 0.0
    failures: int = 0


class Supervisor:
    """Runs parts until it is told to stop.

    Parts are stopped in the order in which they are given, each after the one before it has ended.
    """

    def __init__(self, parts: Sequence[Part], *, logs: Path, keeper: Keeper | None = None) -> None:
        width = max([len("database"), *(len(part.name) for part in parts)])
        self._runs = [_Run(part, Journal(logs, part.name, width)) for part in parts]
        self._keeper = keeper
        self._database = Journal(logs, "database", width) if keeper else None
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        self._again_at, self._pause = 0.0, FIRST_PAUSE

    def run(self, on_beat: Callable[[], None] = lambda: None) -> bool:
        """Work until SIGINT or SIGTERM. Returns whether everything ended in order (False: in a hurry)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told)
        try:
            while not self._signals:
                self._watch_database()
                for run in self._runs:
                    self._look_after(run)
                on_beat()
                self._listen(BEAT)
        finally:
            self._stop_all()
        return self._signals < 2

    @property
    def in_a_hurry(self) -> bool:
        return self._signals > 1

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        say("\nStopping. Press Ctrl-C again to stop at once." if self._signals == 1 else "Stopping at once.")

    # -- one part ----------------------------------------------------------------------------------------

    def _look_after(self, run: _Run) -> None:
        now = time.monotonic()
        if run.process is not None and run.process.poll() is not None:
            self._ended(run, run.process, now)
        if run.process is None and run.again_at is not None and now >= run.again_at and run.part.may_start():
            self._start(run, now)

    def _start(self, run: _Run, now: float) -> None:
        run.output, theirs = os.pipe()
        os.set_blocking(run.output, False)
        try:
            run.process = subprocess.Popen(
                [str(word) for word in run.part.command],
                env=dict(run.part.environment),
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,  # Ctrl-C reaches only us: we stop the parts in order
                preexec_fn=partial(ends_with_parent, signal.SIGTERM),
            )
        finally:
            os.close(theirs)
        run.started, run.again_at = now, None
        self._selector.register(run.output, selectors.EVENT_READ, run)

    def _ended(self, run: _Run, process: subprocess.Popen[bytes], now: float) -> None:
        run.process = None
        self._end_group(process)  # children of a part that was killed outright still hold its port
        self._read_rest(run)
        how = _how(process.returncode)
        if run.part.once:
            if not process.returncode:
                return
            run.failures += 1
            if run.failures == TRIES_OF_ONCE:
                run.journal.note(f"{run.part.name} failed ({how}) and is given up; the rest goes on.")
                return
        if now - run.started > STEADY_AFTER:
            run.pause = FIRST_PAUSE
        run.again_at = now + run.pause
        run.journal.note(f"{run.part.name} ended ({how}) and is started again in {run.pause:g} s.")
        run.pause = min(run.pause * 2, LONGEST_PAUSE)

    def _read_rest(self, run: _Run) -> None:
        with suppress(KeyError):
            self._selector.unregister(run.output)
        with suppress(BlockingIOError):
            while piece := os.read(run.output, 65536):
                run.journal.write(piece)
        os.close(run.output)

    @staticmethod
    def _end_group(process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    # -- all of them -------------------------------------------------------------------------------------

    def _listen(self, seconds: float) -> None:
        for key, _mask in self._selector.select(seconds):
            piece = b""
            with suppress(BlockingIOError):
                piece = os.read(key.fd, 65536)
            if piece:
                key.data.journal.write(piece)
            else:
                self._selector.unregister(key.fileobj)

    def _watch_database(self) -> None:
        if self._keeper is None or self._database is None or self._keeper.is_up():
            return
        now = time.monotonic()
        if now < self._again_at:
            return
        self._database.note("The database stopped and is started again.")
        try:
            self._keeper.bring_back()
        except Exception as problem:  # noqa: BLE001 - whatever it is: say it, try again later, keep the rest alive
            self._again_at = time.monotonic() + self._pause
            self._database.note(f"It did not start; the next try is in {self._pause:g} s. {problem}")
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        else:
            self._pause = FIRST_PAUSE
            self._database.note("The database is back.")

    def _stop_all(self) -> None:
        for run in self._runs:
            self._stop(run)
            run.journal.close()
        if self._database is not None:
            self._database.close()
        self._selector.close()

    def _stop(self, run: _Run) -> None:
        process = run.process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
        until = time.monotonic() + run.part.grace
        while process.poll() is None and not self.in_a_hurry:
            if time.monotonic() > until:
                run.journal.note(f"{run.part.name} did not stop within {run.part.grace:g} s and is ended.")
                break
            self._listen(0.05)
        self._end_group(process)
        process.wait()
        self._read_rest(run)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
