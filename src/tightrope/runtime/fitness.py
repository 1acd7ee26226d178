"""Whether a PostgreSQL server, ours or somebody's, can do what the program needs."""

from __future__ import annotations

import psycopg
from psycopg import sql

from tightrope.runtime.problems import UnfitDatabase

OLDEST = 15
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")


def check_server(url: str) -> None:
    """Raises UnfitDatabase with one clear sentence for each thing that is missing."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as problem:
        raise UnfitDatabase(f"The database cannot be reached: {str(problem).strip()}") from None
    with connection:
        faults = [fault for fault in _faults(connection) if fault]
    if faults:
        raise UnfitDatabase("\n".join(faults))


def _faults(connection: psycopg.Connection) -> list[str]:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        return [f"The server is PostgreSQL {version}; {OLDEST} or newer is needed."]
    if fault := _encoding(connection):
        return [fault]  # nothing else can be asked of it in Chinese
    faults = [_right_to_create(connection)]
    missing = [fault for name in EXTENSIONS if (fault := _extension(connection, name))]
    if not missing:
        faults.append(_chinese(connection))
    return faults + missing


def _encoding(connection: psycopg.Connection) -> str:
    found = _value(connection, "SHOW server_encoding")
    return (
        ""
        if found == "UTF8"
        else f"The database is encoded in {found}; it must be created with ENCODING 'UTF8'."
    )


def _right_to_create(connection: psycopg.Connection) -> str:
    if _value(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
        return ""
    role = _value(connection, "SELECT current_user")
    return f"The role {role} may not create tables: run GRANT CREATE ON SCHEMA public TO {role}, or make it the owner."


def _extension(connection: psycopg.Connection, name: str) -> str:
    if _value(connection, "SELECT 1 FROM pg_extension WHERE extname = %s", name):
        return ""
    if not _value(connection, "SELECT 1 FROM pg_available_extensions WHERE name = %s", name):
        return f"The extension {name} is not installed on the server: install PostgreSQL's contrib package there."
    try:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.UniqueViolation:
        return ""  # another start created it in the same moment
    except psycopg.Error as problem:
        return (
            f"The extension {name} cannot be created ({str(problem).splitlines()[0]}):"
            f" run CREATE EXTENSION {name} in this database as its owner or a superuser."
        )
    return ""


def _chinese(connection: psycopg.Connection) -> str:
    """With lc_ctype "C" pg_trgm drops every Chinese character: searches then scan whole tables, without a word."""
    if _value(connection, "SELECT show_trgm('空调漏水') <> '{}'"):
        return ""
    found = _value(connection, "SELECT datctype FROM pg_database WHERE datname = current_database()")
    return (
        f"The database's LC_CTYPE is {found!r}, with which Chinese cannot be searched by index:"
        " create it anew with LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0."
    )


def _value(connection: psycopg.Connection, query: str, *parameters: str) -> object:
    row = connection.execute(query, parameters or None).fetchone()
    return row[0] if row else None
