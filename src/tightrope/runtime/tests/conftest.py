"""Folders that the database's own account can enter (pytest's own are closed), and a server to try things on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tightrope.runtime.postgres import SUPERUSER, Cluster
from tightrope.runtime.temporary import temporary_server


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tightrope-test-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    with temporary_server() as cluster:
        yield cluster


@pytest.fixture
def empty_database(server: Cluster) -> Iterator[str]:
    """The URL of a database of its own, gone afterwards."""
    yield from _database(server, "trial")


@pytest.fixture
def second_database(server: Cluster) -> Iterator[str]:
    yield from _database(server, "second_trial")


def _database(server: Cluster, name: str) -> Iterator[str]:
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER tightrope")
        yield server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
