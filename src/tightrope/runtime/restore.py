"""Bring a backup back into an empty place, and compare everything with what was saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tightrope.runtime.clients import clients_for, run_client
from tightrope.runtime.embedded import database
from tightrope.runtime.fingerprints import SAME_TEXT, copy_hashed, differences, file_hash, table_facts, tables
from tightrope.runtime.fitness import check_server
from tightrope.runtime.manifest import DUMP, FILE_LIST, FILES, Manifest, read_manifest
from tightrope.runtime.problems import UnusableBackup


def restore_into(folder: Path, var: Path) -> list[str]:
    """Restore into the data folder `var` and its embedded database, or the one DATABASE_URL names."""
    manifest = read_manifest(folder)
    with database(var) as url:
        return restore(folder, manifest, url=url, files=var / "files")


def restore(folder: Path, manifest: Manifest, *, url: str, files: Path) -> list[str]:
    """Returns one sentence for each difference: none when the copy is whole. Raises UnusableBackup."""
    _refuse_damaged(folder, manifest)
    if files.exists() and any(files.iterdir()):
        raise UnusableBackup(f"{files} is not empty: nothing is restored over files that are there.")
    check_server(url)
    _restore_database(folder, manifest, url)
    found = list(_restore_files(folder, files))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SAME_TEXT)
        found += differences(manifest.tables, table_facts(connection))
        connection.execute("ANALYZE")
    return found


def _refuse_damaged(folder: Path, manifest: Manifest) -> None:
    for name, wanted in ((DUMP, manifest.dump_sha256), (FILE_LIST, manifest.file_list_sha256)):
        path = folder / name
        if not path.is_file():
            raise UnusableBackup(f"{path} is missing: the backup is not whole.")
        if file_hash(path) != wanted:
            raise UnusableBackup(f"{path} is not what was saved: it was damaged or changed.")


def _restore_database(folder: Path, manifest: Manifest, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        major = connection.info.server_version // 10000
        if present := tables(connection):
            raise UnusableBackup(
                f"The database {connection.info.dbname} is not empty (it has {len(present)} tables):"
                " nothing is restored over data that are there."
            )
    if major < manifest.postgresql:
        raise UnusableBackup(
            f"The backup is of PostgreSQL {manifest.postgresql}, this server is {major}: restore into the same or newer."
        )
    # Comments are left out because those on extensions belong to whoever installed them. All or nothing.
    arguments = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]
    dbname = ["--dbname", ""]  # an empty name: everything about the connection is in the environment
    run_client(clients_for(major) / "pg_restore", *arguments, *dbname, folder / DUMP, url=url)


def _restore_files(folder: Path, files: Path) -> Iterator[str]:
    with (folder / FILE_LIST).open(encoding="utf-8") as listed:
        for line in listed:
            entry = json.loads(line)
            target = (files / entry["name"]).resolve()
            if not target.is_relative_to(files.resolve()):
                raise UnusableBackup(f"{FILE_LIST} names {entry['name']}, which lies outside the files.")
            try:
                written = copy_hashed(folder / FILES / entry["name"], target)
            except FileNotFoundError:
                yield f"file {entry['name']} is missing in the backup"
                continue
            if written != (entry["bytes"], entry["sha256"]):
                yield f"file {entry['name']} is not what was saved"
