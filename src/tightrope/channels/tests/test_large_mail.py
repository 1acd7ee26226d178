"""A mail of 50 MB by the real ways in: read or in quarantine within ten seconds of work and 512 MB."""

from __future__ import annotations

import base64
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tightrope.channels.listening import start_in_background
from tightrope.channels.mail.reader import close_shared_reader
from tightrope.channels.mail.scan import MAX_MAIL_BYTES
from tightrope.channels.mail.tests.test_imap import server  # noqa: F401 - the fixture
from tightrope.channels.models import Message, RawMail
from tightrope.channels.tests.factories import CUSTOMER, OURS, SERVICE
from tightrope.channels.tests.test_listening import smtp_port, wait_until, with_dovecot  # noqa: F401
from tightrope.core import jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECONDS = 10
MOST_BYTES = 512 * 1024 * 1024
SENDER = """
import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60) as sender:
    sender.sendmail(sys.argv[2], [sys.argv[3]], open(sys.argv[4], "rb").read())
"""


def large_mail() -> bytes:
    """A letter with one enclosure, as near to the limit as it gets."""
    head = (
        f"From: {CUSTOMER}\r\nTo: {SERVICE}\r\nSubject: film\r\nMessage-ID: <large@x.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n三楼漏水，见录像。\r\n"
        "--B\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=log.bin\r\n\r\n"
    ).encode()
    lines = (MAX_MAIL_BYTES - len(head) - 1024) // 78
    content = base64.encodebytes(random.Random(7).randbytes(lines * 57)).replace(b"\n", b"\r\n")
    return head + content + b"--B--\r\n"


def memory(word: str) -> int:
    """A figure of this process from the system, in bytes: VmRSS now, VmHWM at its highest."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(word))
    return int(line.split()[1]) * 1024


class Watch:
    """How much of the processor something took, in this process and in its child that reads, and how much
    memory beyond what was in use before. Time by the wall would say how busy the machine is with others."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins anew
        self.before = memory("VmRSS")
        self.began = self._seconds()

    def stop(self) -> tuple[float, int]:
        return self._seconds() - self.began, memory("VmHWM") - self.before

    def _seconds(self) -> float:
        own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def judge(raw: bytes, watch: Watch, capsys) -> None:
    jobs.run_due(only=OURS)
    close_shared_reader()  # what a child used is told when it has ended
    seconds, more_bytes = watch.stop()
    row = RawMail.objects.get()
    with capsys.disabled():
        print(f"\n50 MB: {seconds:.1f} s, {more_bytes / 2**20:.0f} MB")

    assert row.state in {RawMail.State.READ, RawMail.State.UNREADABLE}
    assert row.state == RawMail.State.READ or row.reason
    assert row.size == len(raw)
    assert Message.objects.get().text.strip() == "三楼漏水，见录像。"
    assert seconds < SECONDS
    assert more_bytes < MOST_BYTES


def test_by_smtp(smtp_port, tmp_path, capsys):  # noqa: F811
    raw = large_mail()
    (tmp_path / "large.eml").write_bytes(raw)
    watch = Watch()

    subprocess.run(
        [sys.executable, "-c", SENDER, str(smtp_port), CUSTOMER, SERVICE, str(tmp_path / "large.eml")],
        check=True,
    )

    judge(raw, watch, capsys)


class TestByImap:
    pytestmark = with_dovecot

    def test_by_imap(self, settings, server, capsys):  # noqa: F811
        raw = large_mail()
        (server.base / "large").write_bytes(raw)
        shutil.chown(server.base / "large", "nobody", "nogroup")
        (server.base / "large").rename(server.base / "mail/new/1.large.host")
        settings.MAIL_IN_LISTEN = ""
        settings.MAIL_IMAP_URL = f"imap://support:secret@127.0.0.1:{server.port}/INBOX?security=none"
        watch = Watch()

        listening = start_in_background()
        wait_until(lambda: RawMail.objects.exists())

        judge(raw, watch, capsys)
        listening.stop()
