"""What is said at the terminal and kept in `var/log`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

LIMIT = 10_000_000
KEPT = 5


def say(line: str, *, to: TextIO | None = None) -> None:
    """One line to the person at the terminal. A closed terminal is no reason to stop."""
    stream = to or sys.stdout
    try:
        stream.write(line + "\n")
        stream.flush()
    except (BrokenPipeError, ValueError, OSError):
        return


class Journal:
    """The lines of one part: to the terminal with its name in front, and to a file of its own that is renewed
    at 10 MB, five old ones kept."""

    def __init__(self, folder: Path, name: str, width: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.log"
        self._prefix = f"{name:<{width}} | "
        self._rest = b""
        self._file = self._path.open("ab")

    def write(self, piece: bytes) -> None:
        """Take output as it comes; whole lines are passed on."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > 65536:  # a line without end
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            say(self._prefix + line.decode("utf-8", errors="replace"))
        if lines:
            self._file.write(b"\n".join(lines) + b"\n")
            self._file.flush()
            if self._file.tell() > LIMIT:
                self._renew()

    def note(self, line: str) -> None:
        """A remark of the supervisor about this part."""
        self.write(b"\n" if self._rest else b"")
        self.write(line.encode() + b"\n")

    def close(self) -> None:
        self.write(b"\n" if self._rest else b"")
        self._file.close()

    def _renew(self) -> None:
        self._file.close()
        for number in range(KEPT - 1, 0, -1):
            older = self._path.with_suffix(f".log.{number}")
            if older.exists():
                older.rename(self._path.with_suffix(f".log.{number + 1}"))
        self._path.rename(self._path.with_suffix(".log.1"))
        self._file = self._path.open("ab")
