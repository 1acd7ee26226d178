"""The embedded database of a data folder, for one command or as long as the server runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tightrope.runtime.account import server_account
from tightrope.runtime.binaries import wheel_binaries
from tightrope.runtime.postgres import Cluster
from tightrope.runtime.settings import server_settings


class EmbeddedDatabase:
    """The cluster in the data folder, with the settings of a server that keeps what it is given."""

    def __init__(self, var: Path) -> None:
        account = server_account()
        self.cluster = Cluster.below(var, wheel_binaries(account), account)

    @property
    def url(self) -> str:
        return self.cluster.url()

    def start(self) -> bool:
        """Start it and make role and database. Returns whether this call started it."""
        settings = server_settings(self.cluster.socket_folder, self.cluster.binaries.major)
        started = self.cluster.start(settings)
        self.cluster.ensure_database()
        return started

    def is_up(self) -> bool:
        return self.cluster.pid() is not None

    def bring_back(self) -> None:
        self.start()

    def stop(self, *, at_once: bool = False) -> None:
        self.cluster.stop(at_once=at_once)


@contextmanager
def database(var: Path) -> Iterator[str]:
    """The URL of the database to work with, and DATABASE_URL set to it.

    Without DATABASE_URL the embedded server is started for as long as the block lasts, unless it runs already.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = EmbeddedDatabase(var)
    started = server.start()
    os.environ["DATABASE_URL"] = server.url
    try:
        yield server.url
    finally:
        del os.environ["DATABASE_URL"]
        if started:
            server.stop()
