"""The system account that owns the database files: PostgreSQL refuses to run as root."""

# ruff: noqa: S603 - the programs that run here are PostgreSQL's and the system's, never words of a user.
from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tightrope.runtime.problems import CannotStartDatabase

ACCOUNT = "tightrope-db"
HOME = Path("/var/lib/tightrope")


@dataclass(frozen=True)
class Account:
    """Who runs the server and owns its files."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` run a program as this account."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, *folders: Path) -> None:
        """Make folders that only this account (and root) can enter."""
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            if not self.is_ours:
                os.chown(folder, self.uid, self.gid)
            folder.chmod(0o700)

    def can_reach(self, path: Path) -> bool:
        """Whether the account may enter or run `path`: asked of the kernel, because access lists count too."""
        if self.is_ours:
            return os.access(path, os.X_OK)
        test = shutil.which("test") or "/usr/bin/test"
        answer = subprocess.run([test, "-x", str(path)], cwd="/", check=False, **self.popen_options())
        return answer.returncode == 0


def server_account() -> Account:
    """The account of this process, or one of the database's own when we are root."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    try:
        return _account(pwd.getpwnam(ACCOUNT))
    except KeyError:
        return _create()


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    useradd = shutil.which("useradd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if useradd is None:
        raise CannotStartDatabase(
            f"The database may not run as root and the program `useradd` is missing: create a system account"
            f" named {ACCOUNT}, or run Tightrope as an ordinary user, or set DATABASE_URL to a server of yours."
        )
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return _account(pwd.getpwnam(ACCOUNT))  # also when another start created it in the same moment
    except KeyError:
        raise CannotStartDatabase(
            f"The system account {ACCOUNT} could not be created: {made.stderr.strip()}"
        ) from None
