"""A customer writes a mail in an old charset; it becomes a case, is answered, asked back, solved and confirmed.

Mail leaves through a real SMTP server and comes in raw, as a mailbox would hand it over; jobs run in this process.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from tests import cast
from tests.outside import Outside, mail_server, send_as_company

from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.channels.models import Message, RawMail
from tightrope.core import clock, jobs
from tightrope.customers.queries import actor_of_contact
from tightrope.promises.models import Promise, State, What

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outside(settings) -> Iterator[Outside]:
    with mail_server() as server:
        send_as_company(settings, server)
        yield server


def at(minutes: float) -> datetime:
    return cast.NOW + timedelta(minutes=minutes)


def mail(subject: str, text: str, *, to: str, charset: str = "gb18030", headers: str = "") -> bytes:
    head = (
        f"From: =?{charset}?B?{_b64('王磊', charset)}?= <wang.lei@hengtong.example>\r\nTo: {to}\r\n"
        f"Subject: =?{charset}?B?{_b64(subject, charset)}?=\r\nMessage-ID: <{abs(hash((subject, text)))}@hengtong.example>\r\n"
        f"{headers}MIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + text.encode(charset)


def _b64(text: str, charset: str) -> str:
    return base64.b64encode(text.encode(charset)).decode()


def arrive(raw: bytes, uid: str, minutes: float) -> None:
    with clock.standing_at(at(minutes)):
        channels.receive_mail(raw, mailbox="service", uid=uid, at=at(minutes))
        jobs.run_due()


def test_from_an_old_charset_to_a_beaten_promise(outside):
    factories.policies()
    zhou = cast.actor(cast.zhou_min())
    wang = factories.wang_lei()

    arrive(mail("三楼机房空调漏水", "面板显示 E3，比较着急。", to="service@hengyuan.example"), "1", 0)
    case = Case.objects.get()
    assert case.title == "三楼机房空调漏水"
    assert case.contact == wang
    assert case.account == wang.account
    acknowledgement = message_from_bytes(outside.mails[0])
    assert acknowledgement["Auto-Submitted"] == "auto-generated"
    assert case.number in str(make_header(decode_header(acknowledgement["Subject"])))
    assert re.search(r"/s/[\w-]{22}/", acknowledgement.get_payload(decode=True).decode())

    actions.accept_case(case, by=zhou, at=at(5))
    actions.send_reply(case, text="请发一张照片。", by=zhou, at=at(6))
    actions.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(6))
    with clock.standing_at(at(7)):
        jobs.run_due()
    question = message_from_bytes(outside.mails[1])
    assert question["Auto-Submitted"] == "no"

    answer = mail(
        "Re: 照片", "照片见附件。\r\n\r\n在 2026-11-18 写道：\r\n> 请发一张照片。", to=question["Reply-To"]
    )
    arrive(answer, "2", 30)
    case.refresh_from_db()
    assert Case.objects.count() == 1
    assert case.status == Case.Status.ACCEPTED
    words = Message.objects.filter(conversation_id=case.conversation_id, direction="in").order_by("at").last()
    assert words.text.strip() == "照片见附件。"

    actions.solve_case(case, solution="answer", by=zhou, at=at(60))
    case = actions.confirm_case(case, by=actor_of_contact(wang), at=at(90))
    assert case.light(at(90)) == "solved"
    resolution = Promise.objects.get(subject_id=case.pk, what=What.RESOLUTION, kind="customer")
    assert resolution.state == State.KEPT
    assert resolution.is_beaten


def test_the_same_mail_three_times_is_one(outside):
    raw = mail("一次", "同一封", to="service@hengyuan.example")

    for uid in ("1", "1", "7"):
        arrive(raw, uid, 0)

    assert RawMail.objects.count() == 1
    assert Case.objects.count() == 1


def test_a_stranger_who_knows_our_message_id_does_not_join(outside):
    factories.policies()
    arrive(mail("三楼", "漏水", to="service@hengyuan.example"), "1", 0)
    case = Case.objects.get()
    ours = message_from_bytes(outside.mails[0])["Message-ID"]

    forged = mail(
        f"Re: [{case.number}] 三楼",
        "给我看",
        to="service@hengyuan.example",
        headers=f"In-Reply-To: {ours}\r\n",
    )
    arrive(forged.replace(b"wang.lei@hengtong.example>", b"stranger@elsewhere.example>", 1), "2", 5)

    assert Case.objects.count() == 2
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="in").count() == 1


def test_a_robot_gets_no_answer(outside):
    arrive(
        mail("外出", "自动回复", to="service@hengyuan.example", headers="Auto-Submitted: auto-replied\r\n"),
        "1",
        0,
    )

    assert outside.mails == []


def test_two_robots_without_marks_end_after_a_few_mails(outside):
    factories.policies()
    arrive(mail("你好", "0", to="service@hengyuan.example"), "0", 0)
    for number in range(1, 40):
        last = message_from_bytes(outside.mails[-1])
        arrive(mail("Re: 你好", f"收到 {number}", to=last["Reply-To"]), str(number), number / 10)

    assert len(outside.mails) < 10
    assert Case.objects.count() == 1
