"""Robots on the other side: whatever they send, we stop answering after a few."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tightrope.channels.mail.loops import Refusal, ReplyFacts, may_reply_automatically
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import Mark, ParsedMail

OWN = frozenset({"support@tightrope.example"})
FACTS = ReplyFacts(sender_email="wang@example.cn", own_addresses=OWN)


def test_a_person_who_writes_for_the_first_time_is_answered() -> None:
    assert may_reply_automatically(FACTS).may_reply


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"marks": (Mark.LIST,)}, Refusal.AUTOMATIC),
        ({"has_null_envelope_sender": True}, Refusal.AUTOMATIC),
        ({"sender_email": ""}, Refusal.NO_SENDER),
        ({"sender_email": "Support@Tightrope.Example"}, Refusal.OWN_ADDRESS),
        ({"sender_email": "support+x@tightrope.example"}, Refusal.OWN_ADDRESS),
        ({"is_own_message_id": True}, Refusal.OWN_MESSAGE),
        ({"replies_to_sender_in_conversation_24h": 1}, Refusal.SENDER_BUDGET),
        ({"replies_in_conversation_24h": 5}, Refusal.CONVERSATION_BUDGET),
        ({"mails_of_conversation_in_10_minutes": 10}, Refusal.CONVERSATION_RATE),
        ({"replies_to_sender_24h": 10}, Refusal.SENDER_RATE),
        ({"replies_to_domain_1h": 60}, Refusal.DOMAIN_RATE),
        ({"replies_in_last_minute": 120}, Refusal.MINUTE_RATE),
    ],
)
def test_each_reason_alone_stops_the_answer_and_is_named(change: dict[str, object], refusal: Refusal) -> None:
    assert may_reply_automatically(replace(FACTS, **change)).refusals == (refusal,)  # type: ignore[arg-type]


def robot(headers: str, subject: str = "Re: x") -> Callable[[int], bytes]:
    return lambda number: (
        f"From: robot@example.cn\r\nSubject: {subject}\r\n{headers}\r\nhello {number}".encode()
    )


ROBOTS: dict[str, Callable[[int], bytes]] = {
    "vacation replier": robot("Auto-Submitted: auto-replied\r\n"),
    "bouncer": robot("Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status\r\n"),
    "mailing list": robot("List-Id: <x.example.cn>\r\nPrecedence: list\r\n"),
    "another help desk": robot("X-Auto-Response-Suppress: All\r\n"),
    "QQ vacation": robot("", subject="=?utf-8?B?6Ieq5Yqo5Zue5aSN77ya5oKo5aW9?="),
    "our own address": lambda number: f"From: support@tightrope.example\r\n\r\nhello {number}".encode(),
    "no headers at all": robot(""),
    "changing sender": lambda number: f"From: robot{number}@example.cn\r\n\r\nhello {number}".encode(),
}


@pytest.mark.parametrize("name", ROBOTS)
def test_a_robot_that_answers_everything_falls_silent(name: str) -> None:
    """Within one day and one conversation; every answer of ours brings another mail of the robot's."""
    answered: dict[str, int] = {}
    mails_in_conversation = 0
    number = 0
    for number in range(1, 200):
        mail = parse_mail(ROBOTS[name](number))
        assert isinstance(mail, ParsedMail)
        mails_in_conversation += 1
        facts = ReplyFacts(
            sender_email=mail.sender.email,
            marks=mail.automatic,
            own_addresses=OWN,
            replies_to_sender_in_conversation_24h=answered.get(mail.sender.email, 0),
            replies_in_conversation_24h=sum(answered.values()),
            mails_of_conversation_in_10_minutes=mails_in_conversation,
            replies_to_sender_24h=answered.get(mail.sender.email, 0),
        )
        if not may_reply_automatically(facts).may_reply:
            break
        answered[mail.sender.email] = answered.get(mail.sender.email, 0) + 1
        mails_in_conversation += 1

    assert number <= 6
    assert all(count <= 1 for count in answered.values())
    assert sum(answered.values()) <= (5 if name == "changing sender" else 1)
