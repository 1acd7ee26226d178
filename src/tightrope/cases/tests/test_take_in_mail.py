"""A mail that was read reaches the desk, however oddly its sender is called."""

from __future__ import annotations

import pytest
from tests import cast
from tests.outside import send_as_company

from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.timeline.queries import notes_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _our_domain(settings, tmp_path):
    send_as_company(settings)
    settings.FILES_ROOT = tmp_path / "files"


def arrive(sender: str, *, subject: str = "E3", text: str = "三楼漏水", headers: str = "") -> None:
    lines = [f"From: {sender}"] if sender else []
    lines += ["To: service@hengyuan.example", f"Subject: {subject}", "Message-ID: <1@elsewhere.example>"]
    lines += [headers] if headers else []
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""]
    with clock.standing_at(cast.NOW):
        channels.receive_mail("\r\n".join(lines).encode(), mailbox="box", uid="1", at=cast.NOW)
        jobs.run_due()


@pytest.mark.parametrize(
    "sender",
    [
        "Printer <printer@hall-3>",
        "<li..wei@docomo.example>",
        "张三 <张三@hengtong.example>",
        f"{'很长的名字' * 30} <long@hengtong.example>",
        f"{'Very long name ' * 12} <li..wei@docomo.example>",
    ],
)
def test_whoever_wrote_it_a_mail_becomes_a_case(sender):
    arrive(sender)

    case = Case.objects.select_related("contact").get()
    assert case.title == "E3"
    assert case.contact is not None
    where = sender.partition("<")[2].rstrip(">")
    kept = list(case.contact.addresses.values_list("value", flat=True))
    assert where in kept or where in case.contact.name


def test_a_report_without_a_sender_about_no_mail_of_ours_waits_with_the_machines():
    arrive("", subject="系统退信", text="您的邮件无法投递到 li@example.cn 。")

    assert Message.objects.get().is_automatic
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("action", "status", "said"), [("delayed", "4.4.1", "is late"), ("failed", "5.1.1", "did not arrive")]
)
def test_the_desk_reads_whether_a_letter_is_late_or_lost(action, status, said):
    case = factories.case()
    ours = channels.post_message(
        case.conversation, text="请发照片。", author=SYSTEM, direction="out", channel="mail",
        to="wang.lei@hengtong.example", at=cast.NOW,
    )  # fmt: skip
    report = (
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; wang.lei@hengtong.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours.message_id}>\r\n\r\n--x--\r\n"
    )
    head = "From: mailer-daemon@mx.example\r\nSubject: report\r\nMIME-Version: 1.0\r\n"
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'

    with clock.standing_at(cast.NOW):
        channels.receive_mail((head + kind + report).encode(), mailbox="box", uid="2", at=cast.NOW)
        jobs.run_due()

    (note,) = notes_of("case", case.pk)
    assert said in note.body
