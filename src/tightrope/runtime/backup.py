"""Save the database and the files while people work."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from tightrope.runtime.clients import clients_for, run_client
from tightrope.runtime.fingerprints import SAME_TEXT, copy_hashed, file_hash, files_below, table_facts
from tightrope.runtime.manifest import DUMP, FILE_LIST, FILES, FORMAT, Manifest
from tightrope.runtime.problems import UnusableBackup


def backup(url: str, *, files: Path, into: Path) -> Manifest:
    """Make a backup. Raises UnusableBackup; the folder is then not there or still empty.

    Dump and table hashes are of one moment: both read the same exported snapshot. The files are copied after
    that moment, so each file that a saved row names is there, and some that no row names yet.
    """
    _refuse_occupied(into)
    fresh = into.with_name(into.name + ".unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        manifest = _fill(fresh, url, files)
        manifest.write(fresh)
        os.sync()
        if into.exists():
            into.rmdir()
        fresh.rename(into)
    except psycopg.Error as problem:
        raise UnusableBackup(f"The database cannot be read: {str(problem).strip()}") from problem
    except OSError as problem:
        raise UnusableBackup(f"The backup cannot be written: {problem}") from problem
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def _refuse_occupied(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UnusableBackup(f"{into} is there already and not empty: choose another folder.")


def _fill(folder: Path, url: str, files: Path) -> Manifest:
    made_at = datetime.now(UTC)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SAME_TEXT)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        major = connection.info.server_version // 10000
        program = clients_for(major) / "pg_dump"
        run_client(
            program,
            "-Fc",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            "-f",
            folder / DUMP,
            url=url,
        )
        saved = table_facts(connection)
        connection.execute("COMMIT")
    count, size, gone = _copy_files(files, folder)
    return Manifest(
        format=FORMAT,
        made_at=made_at.isoformat(timespec="seconds"),
        tightrope=version("tightrope"),
        postgresql=major,
        dump_sha256=file_hash(folder / DUMP),
        tables=saved,
        files=count,
        files_bytes=size,
        file_list_sha256=file_hash(folder / FILE_LIST),
        files_gone_meanwhile=gone,
    )


def _copy_files(source: Path, folder: Path) -> tuple[int, int, int]:
    """Copy and list all files. Returns how many, how many bytes, and how many were deleted before their turn."""
    count = total = gone = 0
    with (folder / FILE_LIST).open("w", encoding="utf-8") as listed:
        for path in files_below(source):
            name = path.relative_to(source).as_posix()
            try:
                size, mark = copy_hashed(path, folder / FILES / name)
            except FileNotFoundError:
                gone += 1
                continue
            listed.write(json.dumps({"name": name, "bytes": size, "sha256": mark}, ensure_ascii=False) + "\n")
            count, total = count + 1, total + size
    return count, total, gone
