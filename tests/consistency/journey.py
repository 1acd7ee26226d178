"""The main journey in small, with somebody at each step who tries again when it broke.

A mail with a picture comes in, is acknowledged, answered, solved, confirmed and rated. Jobs are run as a worker
runs them: without a transaction around them, again after an error, and again when the worker died after the
work was committed.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

from django.db import connection

from tests import cast
from tests.outside import Outside
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.core.faults import InjectedFault
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact
from tightrope.customers.queries import actor_of_contact
from tightrope.files.models import Attachment
from tightrope.promises.actions import look_at_due
from tightrope.promises.models import Promise
from tightrope.surveys import actions as surveys
from tightrope.surveys.models import Survey
from tightrope.timeline.queries import events_of

MOST_TRIES = 5
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQAY3Y2wAAAAAElFTkSuQmCC"


def stubborn(act: Callable[[], Any]) -> Any:
    """Do it again when it broke, as whoever pressed the button does."""
    for _attempt in range(MOST_TRIES):
        try:
            return act()
        except InjectedFault:
            continue
    raise AssertionError("it never came to pass")


def work(until: datetime) -> None:
    """Run every job that is due, as a worker does: its row goes only when it came to its end."""
    for _round in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' "
                "AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY priority DESC, id LIMIT 1",
                [until],
            )
            row = cursor.fetchone()
        if row is None:
            return
        number, name, given = row
        arguments = given if isinstance(given, dict) else json.loads(given)
        stubborn(lambda name=name, arguments=arguments: jobs._functions[name](**arguments))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
    raise AssertionError("the jobs never end")


class Journey:
    """One customer's way from the first mail to his score; `tag` keeps him apart from others."""

    def __init__(self, tag: str, outside: Outside) -> None:
        self.tag = tag
        self.outside = outside
        self.address = f"wang.{tag}@{tag}.example"
        self.contact = self._customer()

    def _customer(self) -> Contact:
        account = customers.open_account(
            name=f"恒通 {self.tag}", kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW
        )
        return customers.add_contact(
            account, name=f"王磊 {self.tag}", language="zh-hans", addresses=[("mail", self.address)], by=SYSTEM,
            at=cast.NOW,
        )  # fmt: skip

    def go(self) -> None:
        """All of it."""
        zhou = cast.actor(cast.zhou_min())
        self._at(0, lambda now: channels.receive_mail(self._mail(), mailbox="service", uid=self.tag, at=now))
        case = self.case
        self._at(5, lambda now: cases.accept_case(case, by=zhou, at=now))
        said: list[int] = []
        self._at(
            6, lambda now: said.append(cases.send_reply(case, text="请发一张照片。", by=zhou, at=now).pk)
        )
        self._at(1500, lambda now: look_at_due(at=now))  # half of the sixteen working hours are over
        self._at(3000, lambda now: look_at_due(at=now))  # all of them are: the promise is missed
        self._at(3010, lambda now: cases.solve_case(case, solution="answer", by=zhou, at=now))
        customer = actor_of_contact(self.contact)
        self._at(3020, lambda now: cases.confirm_case(case, by=customer, at=now))
        self._at(3021, lambda now: surveys.rate_case(case, score=2, comment="慢", by=customer, at=now))
        self._at(3100, lambda _now: None)  # letters that were too many in a minute have had their turn

    def _at(self, minutes: float, act: Callable[[datetime], Any]) -> None:
        now = cast.NOW + timedelta(minutes=minutes)
        with clock.standing_at(now):
            stubborn(lambda: act(now))
        with clock.standing_at(now + timedelta(seconds=15)):
            work(clock.now())

    @property
    def case(self) -> Case:
        return Case.objects.get(contact=self.contact)

    def _mail(self) -> bytes:
        lines = [
            f"From: Wang <{self.address}>", "To: service@hengyuan.example", f"Subject: E3 {self.tag}",
            f"Message-ID: <{self.tag}@{self.tag}.example>", "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain; charset=utf-8", "",
            f"三楼漏水 {self.tag}", "--b", 'Content-Type: image/png; name="a.png"',
            "Content-Transfer-Encoding: base64", 'Content-Disposition: attachment; filename="a.png"', "",
            base64.b64encode(base64.b64decode(PICTURE)).decode(), "--b--", "",
        ]  # fmt: skip
        return "\r\n".join(lines).encode()

    # -- what came of it ---------------------------------------------------------------------------------

    def letters(self) -> list[str]:
        """The Message-IDs of what reached the customer, each as often as it came."""
        mine = [message_from_bytes(mail) for mail in self.outside.mails if self.address.encode() in mail]
        return [str(mail["Message-ID"]) for mail in mine]

    def outcome(self) -> dict[str, Any]:
        """Everything that must be the same however often something broke on the way."""
        case = self.case
        messages = Message.objects.filter(conversation_id=case.conversation_id)
        promises = Promise.objects.filter(subject_type="case", subject_id=case.pk)
        return {
            "case": (case.status, case.is_confirmed, case.reopenings),
            "events": Counter(event.kind for event in events_of("case", case.pk, by=SYSTEM, limit=200)[0]),
            "messages": Counter(messages.values_list("direction", "channel", "state", "is_automatic")),
            "promises": Counter(promises.values_list("what", "kind", "state")),
            "files": Attachment.objects.filter(account_id=case.account_id).count(),
            "surveys": list(Survey.objects.filter(case=case).values_list("kind", "score")),
            "letters": len(set(self.letters())),
        }
