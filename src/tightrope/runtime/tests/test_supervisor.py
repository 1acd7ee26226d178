"""Parts are kept running, and stopped in order."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tightrope.runtime.supervisor import Part, Supervisor

SLEEP = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def part(name: str, program: str, *, once: bool = False, grace: float = 10) -> Part:
    return Part(name, [sys.executable, "-c", program], dict(os.environ, PYTHONUNBUFFERED="1"), once, grace)


def run_until(supervisor: Supervisor, done: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Run until `done` and then press Ctrl-C."""
    until = time.monotonic() + seconds
    told: list[int] = []

    def beat() -> None:
        if not told and (done() or time.monotonic() > until):
            told.append(1)
            os.kill(os.getpid(), signal.SIGINT)

    in_order = supervisor.run(beat)
    assert time.monotonic() <= until + 5
    return in_order


def log(folder: Path, name: str) -> str:
    return (folder / f"{name}.log").read_text()


def test_a_part_that_ends_is_started_again_also_when_it_says_that_all_is_well(tmp_path):
    mark = tmp_path / "starts"
    program = f"open({str(mark)!r}, 'a').write('x')"
    supervisor = Supervisor([part("worker", program)], logs=tmp_path / "log")

    run_until(supervisor, lambda: mark.exists() and len(mark.read_text()) >= 2)

    assert len(mark.read_text()) >= 2
    assert "worker ended (exit code 0) and is started again in 0.5 s." in log(tmp_path / "log", "worker")


def test_the_pause_before_the_next_start_grows(tmp_path):
    supervisor = Supervisor([part("web", "raise SystemExit(3)")], logs=tmp_path)

    run_until(supervisor, lambda: "in 1 s" in log(tmp_path, "web"))

    assert "exit code 3" in log(tmp_path, "web")


def test_a_part_that_is_done_is_not_started_again(tmp_path):
    mark = tmp_path / "starts"
    once = part("demo", f"open({str(mark)!r}, 'a').write('x')", once=True)
    began = time.monotonic()

    run_until(Supervisor([once], logs=tmp_path), lambda: time.monotonic() - began > 2)

    assert mark.read_text() == "x"


def test_what_is_done_once_goes_on_after_a_failure_and_is_given_up_after_several(tmp_path, monkeypatch):
    monkeypatch.setattr("tightrope.runtime.supervisor.TRIES_OF_ONCE", 3)
    mark = tmp_path / "starts"
    once = part("demo", f"open({str(mark)!r}, 'a').write('x'); raise SystemExit(1)", once=True)

    run_until(Supervisor([once], logs=tmp_path), lambda: "is given up" in log(tmp_path, "demo"))
    said = log(tmp_path, "demo")

    assert mark.read_text() == "xxx"
    assert said.count("is started again") == 2
    assert "demo failed (exit code 1) and is given up; the rest goes on." in said


def test_a_part_waits_until_it_may_start(tmp_path):
    open_gate: list[int] = []
    late = Part(
        "worker",
        [sys.executable, "-c", "print('up')"],
        dict(os.environ),
        once=True,
        may_start=lambda: bool(open_gate),
    )
    beats: list[int] = []

    def done() -> bool:
        beats.append(1)
        if len(beats) == 3:
            assert log(tmp_path, "worker") == ""
            open_gate.append(1)
        return "up" in log(tmp_path, "worker")

    run_until(Supervisor([late], logs=tmp_path), done)

    assert "up" in log(tmp_path, "worker")


def test_output_is_shown_under_the_name_of_its_part_and_kept(tmp_path, capsys):
    supervisor = Supervisor([part("web", "print('你好'); " + SLEEP)], logs=tmp_path)

    run_until(supervisor, lambda: "你好" in log(tmp_path, "web"))

    assert "web      | 你好" in capsys.readouterr().out


def test_parts_are_stopped_one_after_the_other_in_the_order_given(tmp_path):
    ended = tmp_path / "ended"
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    time.sleep(0.2); open({str(ended)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up'); time.sleep(60)\n"
    )
    parts = [
        Part(name, [sys.executable, "-c", program, name], dict(os.environ, PYTHONUNBUFFERED="1"))
        for name in ("web", "worker")
    ]
    supervisor = Supervisor(parts, logs=tmp_path)

    in_order = run_until(supervisor, lambda: "up" in log(tmp_path, "web") and "up" in log(tmp_path, "worker"))

    assert in_order is True
    assert ended.read_text() == "webworker"


def test_a_part_that_does_not_stop_in_time_is_ended_with_all_its_children(tmp_path):
    child = tmp_path / "child"
    program = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"made = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"open({str(child)!r}, 'w').write(str(made.pid)); print('up'); time.sleep(60)\n"
    )
    supervisor = Supervisor([part("worker", program, grace=0.5)], logs=tmp_path)

    run_until(supervisor, lambda: "up" in log(tmp_path, "worker"))

    assert "did not stop within 0.5 s" in log(tmp_path, "worker")
    assert_ends(int(child.read_text()))


def assert_ends(pid: int) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} lives on")


def test_a_second_signal_ends_everything_at_once(tmp_path):
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
    )
    supervisor = Supervisor([part("worker", stubborn, grace=60)], logs=tmp_path)
    began = time.monotonic()

    def both() -> bool:
        if "up" not in log(tmp_path, "worker"):
            return False
        os.kill(os.getpid(), signal.SIGINT)
        return True

    in_order = run_until(supervisor, both)

    assert in_order is False
    assert time.monotonic() - began < 10


def test_children_of_a_part_that_was_killed_outright_do_not_keep_its_port(tmp_path):
    child = tmp_path / "child"
    program = (
        "import os, signal, subprocess, sys, time\n"
        f"if os.path.exists({str(child)!r}): print('again'); time.sleep(60)\n"
        f"made = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"open({str(child)!r}, 'w').write(str(made.pid)); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    supervisor = Supervisor([part("web", program)], logs=tmp_path)

    run_until(supervisor, lambda: "again" in log(tmp_path, "web"))

    assert "killed by SIGKILL" in log(tmp_path, "web")
    assert_ends(int(child.read_text()))


class Fallen:
    """A database that is down, comes back at the second try, and counts."""

    def __init__(self) -> None:
        self.up = False
        self.tries = 0

    def is_up(self) -> bool:
        return self.up

    def bring_back(self) -> None:
        self.tries += 1
        if self.tries == 1:
            raise OSError("disk full")
        self.up = True


def test_a_database_that_fell_is_brought_back_and_a_failed_try_is_said(tmp_path):
    database = Fallen()

    run_until(Supervisor([], logs=tmp_path, keeper=database), lambda: database.up)

    said = log(tmp_path, "database")
    assert database.tries == 2
    assert "disk full" in said
    assert "The database is back." in said


def test_a_log_is_renewed_before_it_fills_the_disk(tmp_path):
    program = "print('\\n'.join('x' * 1000 for _ in range(11000))); " + SLEEP
    supervisor = Supervisor([part("web", program)], logs=tmp_path)

    run_until(supervisor, lambda: (tmp_path / "web.log.1").exists())

    assert (tmp_path / "web.log.1").stat().st_size >= 10_000_000
