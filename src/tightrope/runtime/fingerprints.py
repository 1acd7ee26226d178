"""What a database and a folder of files hold, told so that two of them can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

CHUNK = 1024 * 1024
# Text of values must not depend on whose server or whose account writes it.
SAME_TEXT = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';"
    " SET extra_float_digits = 1; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
)
TABLES = """
SELECT n.nspname, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
TableFacts = dict[str, dict[str, int | str]]


def tables(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """All tables with rows of ours: a partitioned one counts as one, tables of extensions not at all."""
    return [(row[0], row[1]) for row in connection.execute(TABLES)]


def table_facts(connection: psycopg.Connection) -> TableFacts:
    """Rows and hash of every table, in one consistent moment if the connection is in a snapshot."""
    return {f"{schema}.{name}": _facts(connection, schema, name) for schema, name in tables(connection)}


def _facts(connection: psycopg.Connection, schema: str, name: str) -> dict[str, int | str]:
    """The sum of the rows' SHA-256: whatever order they come in, which differs between collations."""
    query = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(schema, name))
    rows = total = 0
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            for line in bytes(block).split(b"\n")[:-1]:
                rows += 1
                total += int.from_bytes(hashlib.sha256(line).digest(), "big")
    return {"rows": rows, "sha256_sum": f"{total % (1 << 256):064x}"}


def differences(saved: TableFacts, found: TableFacts) -> list[str]:
    """One sentence for each table that is not as it was."""
    said = []
    for name in sorted(saved.keys() | found.keys()):
        if name not in found:
            said.append(f"table {name} is missing")
        elif name not in saved:
            said.append(f"table {name} was not in the backup")
        elif saved[name]["rows"] != found[name]["rows"]:
            said.append(f"table {name} has {found[name]['rows']} rows instead of {saved[name]['rows']}")
        elif saved[name] != found[name]:
            said.append(f"table {name} has other content than was saved")
    return said


def files_below(folder: Path) -> Iterator[Path]:
    """All files, by name; nothing when there is no folder."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_hashed(source: Path, target: Path) -> tuple[int, str]:
    """Copy one file piece by piece. Returns size and SHA-256 of what was written."""
    mark, size = hashlib.sha256(), 0
    with source.open("rb") as read:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as write:
            while piece := read.read(CHUNK):
                write.write(piece)
                mark.update(piece)
                size += len(piece)
    return size, mark.hexdigest()
