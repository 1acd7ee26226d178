"""What machines write leaves within budgets: later when it is only too early, never when it looks like a loop."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import translation

from tightrope.channels import actions, verify
from tightrope.channels.budgets import Rate, frees_at
from tightrope.channels.mail.loops import Refusal
from tightrope.channels.models import Message, MessageState
from tightrope.channels.reasons import why_not_there
from tightrope.channels.tests.factories import NOW, at, conversation, deliver, fresh, letter
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM

pytestmark = pytest.mark.django_db
HOUR, DAY = 60, 24 * 60


def next_look() -> datetime | None:
    """When the next delivery job is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(coalesce(scheduled_at, %s)) FROM procrastinate_jobs "
            "WHERE status = 'todo' AND task_name = 'channels.deliver'",
            [NOW],
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def deliver_all(*, until: datetime) -> int:
    """Let the clock go from job to job. Returns how many jobs ran."""
    looks = 0
    while (due := next_look()) is not None and due <= until:
        with clock.standing_at(due):
            looks += jobs.run_due(only=["channels.deliver"], until=due)
    return looks


def recipients(outside) -> list[str]:
    return [message_from_bytes(mail)["To"] for mail in outside.mails]


def test_two_machines_end_after_a_few_letters_whatever_they_say(outside):
    about = conversation()
    for minute in range(30):
        letter(about, minutes=minute, is_automatic=True)
        deliver(minute)

    assert len(outside.mails) == 5
    assert fresh(Message.objects.order_by("-at").first()).state == MessageState.WITHHELD
    assert Message.objects.order_by("-at").first().outcome == "conversation-budget"


def test_a_machine_that_changes_its_name_each_time_ends_by_its_domain(outside):
    for number in range(70):
        letter(conversation(account_id=None), to=f"robot{number}@robots.example", is_automatic=True)
    deliver()
    deliver(DAY)

    assert len(outside.mails) == 60
    assert set(Message.objects.filter(state=MessageState.WITHHELD).values_list("outcome", flat=True)) == {
        "domain-rate"
    }
    assert Message.objects.filter(state=MessageState.WITHHELD).count() == 10


def test_a_domain_that_everybody_uses_is_no_robots(outside):
    for number in range(65):
        letter(to=f"customer{number}@qq.com", is_automatic=True)
    deliver()

    assert len(outside.mails) == 65


def test_when_the_minute_is_full_the_rest_waits_for_the_next(outside):
    for number in range(125):
        letter(to=f"customer{number}@qq.com", is_automatic=True)
    deliver()
    assert len(outside.mails) == 120

    deliver(2)

    assert len(outside.mails) == 125


def test_a_company_that_is_told_much_at_once_is_told_all_of_it_in_order(outside):
    written = [letter(to=f"person{number}@hengtong.example", is_automatic=True) for number in range(200)]

    looks = deliver_all(until=NOW + timedelta(hours=4))

    assert recipients(outside) == [message.recipients[0] for message in written]
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert looks == 200 + 140, "each that had to wait looked once more, when there was a place"
    sent = sorted(Message.objects.values_list("sent_at", flat=True))
    assert sent[-1] == NOW + timedelta(hours=3)
    for first, after_sixty in zip(sent, sent[60:], strict=False):
        assert after_sixty - first >= timedelta(hours=1)


def test_places_that_free_one_by_one_are_taken_by_the_oldest(outside):
    for number in range(60):
        letter(to=f"early{number}@hengtong.example", is_automatic=True, minutes=number / 2)
        deliver(number / 2)
    for number in range(3):
        letter(to=f"late{number}@hengtong.example", is_automatic=True, minutes=40)
    deliver(40)
    assert [message.send_at for message in waiting()] == [at(60), at(60.5), at(61)]

    deliver(60)
    letter(to="newest@hengtong.example", is_automatic=True, minutes=60)
    deliver(60)

    assert [message.recipients[0] for message in waiting()] == [
        "late1@hengtong.example",
        "late2@hengtong.example",
        "newest@hengtong.example",
    ]
    assert waiting()[-1].send_at == at(61.5)
    assert recipients(outside)[-1] == "late0@hengtong.example"


def waiting() -> list[Message]:
    return list(Message.objects.filter(state=MessageState.QUEUED).order_by("at", "id"))


def test_a_letter_that_waits_says_why_and_until_when(outside):
    for number in range(61):
        letter(to=f"person{number}@hengtong.example", is_automatic=True)
    deliver()

    [late] = waiting()
    with translation.override("zh-hans"):
        said = why_not_there(late, now=at(1))

    assert late.outcome == "domain-rate"
    assert late.send_at == at(HOUR)
    assert "一小时" in said
    assert "11:00" in said
    with clock.standing_at(at(HOUR)):
        assert verify.contradictions() == []


def test_more_than_a_person_is_told_a_day_waits_for_tomorrow(outside):
    for _number in range(31):
        letter(is_automatic=True)
    deliver()
    assert [(one.outcome, one.send_at) for one in waiting()] == [("sender-rate", at(DAY))]

    deliver(DAY)

    assert len(outside.mails) == 31


def test_what_could_not_leave_within_a_day_is_left_to_a_person(outside):
    for _number in range(61):
        letter(is_automatic=True)
    deliver()

    withheld = Message.objects.get(state=MessageState.WITHHELD)
    assert (withheld.outcome, withheld.facts) == ("sender-rate", {})
    assert len(waiting()) == 30

    actions.send_again(withheld, by=SYSTEM, at=at(DAY + 1))
    deliver(DAY)
    deliver(DAY + 1)
    assert fresh(withheld).outcome == "sender-rate"
    deliver(2 * DAY)
    assert len(outside.mails) == 61


def test_a_code_that_would_come_tomorrow_does_not_come(outside):
    for _number in range(61):
        message = letter(is_automatic=True)
        Message.objects.filter(id=message.pk).update(conversation_id=None)
    deliver()

    assert len(outside.mails) == 60
    assert Message.objects.exclude(state=MessageState.SENT).get().state == MessageState.WITHHELD


def test_a_code_does_not_stand_in_line_with_letters(outside):
    for number in range(200):
        letter(to=f"customer{number}@qq.com", is_automatic=True)
    code = letter(is_automatic=True, to="new@qq.com")
    Message.objects.filter(id=code.pk).update(conversation_id=None)
    deliver()

    assert fresh(code).state == MessageState.SENT
    assert len(outside.mails) == 121


def test_no_letter_overtakes_what_was_said_before_it(outside):
    outside.answers = ["451 4.3.0 come back later"]
    about = conversation()
    said = letter(about)
    told = letter(about, is_automatic=True)
    deliver()
    assert (fresh(told).state, fresh(told).outcome) == (MessageState.QUEUED, "in-turn")
    assert fresh(told).send_at > fresh(said).send_at

    deliver(1.5)

    ids = [message_from_bytes(mail)["Message-ID"] for mail in outside.mails]
    assert ids == [f"<{said.message_id}>", f"<{told.message_id}>"]


def test_nobody_looks_ever_faster_while_the_one_before_is_lost(outside):
    about = conversation()
    letter(about)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    letter(about, is_automatic=True)

    assert deliver_all(until=at(HOUR)) < 12


@pytest.mark.parametrize(("ahead", "minutes"), [(0, 60), (1, 61), (2, 62), (3, 120), (7, 181)])
def test_a_place_frees_one_window_after_its_letter_left(ahead, minutes):
    rate = Rate(Refusal.DOMAIN_RATE, 3, timedelta(hours=1), "true")

    assert frees_at([at(0), at(1), at(2)], ahead, rate, at=at(30)) == at(minutes)


def test_those_ahead_who_find_a_free_place_leave_now():
    rate = Rate(Refusal.DOMAIN_RATE, 3, timedelta(hours=1), "true")

    assert frees_at([at(0)], 2, rate, at=at(30)) == at(60)
    assert frees_at([at(0)], 3, rate, at=at(30)) == at(90)
