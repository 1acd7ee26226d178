"""Bring the database to the state of this release, and know cheaply when it is there already."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

import tightrope

OWN_MARK = "tightrope "
# Their migrations are part of ours; django-allauth's package is named so, its apps are not.
FOREIGN = ("django", "django-allauth", "procrastinate")
LOCK = 0x7469676874  # any number that no other program on the same server uses
NO_LIMITS = "-c statement_timeout=0 -c lock_timeout=60000 -c idle_in_transaction_session_timeout=0 -c jit=off"


def wanted_state() -> str:
    """A mark of all migrations of this release: their content, and the versions of packages that bring some."""
    mark = hashlib.sha256()
    package = Path(tightrope.__file__).parent
    for path in sorted(package.glob("*/migrations/*.py")):
        mark.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for name in FOREIGN:
        mark.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return OWN_MARK + mark.hexdigest()[:32]


def present_state(url: str) -> str | None:
    """The mark that the last migration left, None when there is none (or it may not be left)."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row and row[0] and row[0].startswith(OWN_MARK) else None


def is_current(url: str) -> bool:
    return present_state(url) == wanted_state()


def migrate(url: str, *, verbosity: int = 1) -> None:
    """Apply what is missing. Two machines that start in the same moment wait for each other."""
    with psycopg.connect(url, autocommit=True, options=NO_LIMITS) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        _note(connection, "")  # a migration that breaks off must not leave the mark of the state before
        _run(url, verbosity)
        # A column that was just added has no statistics, and nobody else gathers those of tables cut by month.
        connection.execute("ANALYZE")
        _note(connection, wanted_state())


def _run(url: str, verbosity: int) -> None:
    os.environ["DATABASE_URL"] = make_conninfo(url, options=NO_LIMITS)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=verbosity)


def _note(connection: psycopg.Connection, mark: str) -> None:
    """As a comment on the database: a restored copy does not carry it. Only the owner may leave it."""
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    found = row[0] if row else None
    if found and not found.startswith(OWN_MARK):
        return  # somebody's own remark about his database
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(mark) if mark else sql.SQL("NULL")
            )
        )
