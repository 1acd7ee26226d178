"""The child processes: limits that really hold, replacement, and no harm to their owner."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tightrope.channels.mail import reader as reader_module
from tightrope.channels.mail.bodies import content_of
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import ParsedMail, Unreadable
from tightrope.channels.mail.reader import MailReader, close_shared_reader, read_mail
from tightrope.channels.mail.tests.mails import html_mail, mail
from tightrope.channels.mail.wire import from_json, to_json


def test_the_child_reads_what_the_function_reads_and_adds_clean_html() -> None:
    raw = html_mail("<p onclick=x()>hello</p><script>alert(1)</script>")
    with MailReader() as reader:
        result = reader.read(raw)

    parsed = parse_mail(raw)
    assert isinstance(parsed, ParsedMail)
    assert isinstance(result, ParsedMail)
    assert result.clean_html == "<p>hello</p>"
    assert replace(result, clean_html="") == parsed


def test_a_child_that_is_killed_costs_one_mail_and_not_the_next() -> None:
    with MailReader() as reader:
        reader.read(mail())
        child = reader._idle[0]
        os.kill(child._process.pid, signal.SIGSTOP)
        timer = threading.Timer(0.3, os.kill, (child._process.pid, signal.SIGKILL))
        timer.start()
        killed = reader.read(mail(b"Subject: unlucky"))
        after = reader.read(mail(b"Subject: next"))
        timer.join()

    assert killed == Unreadable("memory")
    assert isinstance(after, ParsedMail)


def test_a_child_that_hangs_is_ended_at_the_deadline() -> None:
    with MailReader(wall_seconds=1) as reader:
        reader.read(mail())
        os.kill(reader._idle[0]._process.pid, signal.SIGSTOP)
        began = time.monotonic()

        result = reader.read(mail())

    assert result == Unreadable("time")
    assert time.monotonic() - began < 3


def test_memory_and_processor_time_of_a_child_are_limited() -> None:
    with MailReader() as reader:
        reader.read(mail())
        pid = reader._idle[0]._process.pid
        limits = {
            name: resource.prlimit(pid, kind)
            for name, kind in (("memory", resource.RLIMIT_AS), ("files", resource.RLIMIT_FSIZE))
        }
        seconds, _ = resource.prlimit(pid, resource.RLIMIT_CPU)
        environment = Path(f"/proc/{pid}/environ").read_bytes()

    assert limits == {"memory": (512 * 1024 * 1024,) * 2, "files": (0, 0)}
    assert seconds <= 12
    assert b"DATABASE" not in environment
    assert environment.count(b"=") <= 4


def test_a_child_is_replaced_after_its_share_of_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAILS_PER_CHILD", 3)
    with MailReader() as reader:
        pids = []
        for _ in range(6):
            reader.read(mail())
            pids.append(reader._idle[0]._process.pid if reader._idle else None)

    assert pids[0] == pids[1]
    assert pids[2] is None
    assert pids[3] not in (None, pids[0])


def test_threads_share_a_reader() -> None:
    results: list[tuple[str, object]] = []
    with MailReader(children=2) as reader:

        def read_ten(name: int) -> None:
            for number in range(10):
                result = reader.read(mail(f"Subject: {name}-{number}".encode()))
                results.append(
                    (f"{name}-{number}", result.subject if isinstance(result, ParsedMail) else result)
                )

        threads = [threading.Thread(target=read_ten, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(results) == 40
    assert [wanted for wanted, got in results if wanted != got] == []


def test_the_shared_reader_starts_by_itself_and_can_be_closed() -> None:
    first = read_mail(mail(b"Subject: one"))
    close_shared_reader()
    second = read_mail(mail(b"Subject: two"))
    close_shared_reader()

    assert isinstance(first, ParsedMail)
    assert isinstance(second, ParsedMail)


def test_children_end_when_their_parent_is_killed() -> None:
    code = (
        "import os, sys\n"
        "from tightrope.channels.mail.reader import MailReader\n"
        "reader = MailReader()\n"
        "reader.read(b'Subject: x\\r\\n\\r\\nhello')\n"
        "print(reader._idle[0]._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(done.stdout)

    until = time.monotonic() + 5
    while time.monotonic() < until and _is_running(pid):
        time.sleep(0.05)

    assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_reading_process_knows_no_django_and_no_network_code() -> None:
    code = "import sys, tightrope.channels.mail.child; print([m for m in ('django', 'smtplib', 'httpx') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_attachments_are_found_again_in_the_raw_mail() -> None:
    raw = mail(
        b"Content-Type: multipart/mixed; boundary=x",
        b'--x\r\n\r\nhello\r\n--x\r\nContent-Type: image/png; name="a.png"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--x--\r\n",
    )
    parsed = read_mail(raw)
    close_shared_reader()

    assert isinstance(parsed, ParsedMail)
    assert content_of(raw, parsed.attachments[0]) == b"\x89PNG\r\n"
    assert parsed.attachments[0].size_bytes == 6


def test_results_survive_the_wire() -> None:
    parsed = parse_mail(mail(b"Subject: =?utf-8?B?5L2g5aW9?=\r\nDate: Fri, 20 Nov 2026 10:00:00 +0800"))

    assert from_json(to_json(parsed)) == parsed
    assert from_json(to_json(Unreadable("too-deep"))) == Unreadable("too-deep")
