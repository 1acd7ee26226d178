"""Whether a machine's letter may leave now, later or never. Two robots that write to each other end here, whatever
they say; a large customer who is told much at once is told it over some hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from tightrope.channels.mail import loops
from tightrope.channels.mail.loops import Budgets, Refusal
from tightrope.channels.models import Direction, Message, MessageState

TO_CUSTOMERS = Budgets(replies_per_sender_per_day=30)
"""A property manager may well report thirty faults a day and is told the promised time of each."""

PERSONAL = Budgets(replies_per_sender_per_day=60)
"""Sign-in codes and the like; the pages that cause them count by themselves as well."""

SHARED_DOMAINS = frozenset({
    "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "139.com", "189.cn", "sina.com", "sina.cn",
    "sohu.com", "aliyun.com", "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com",
    "yahoo.com", "yahoo.com.tw", "yahoo.co.jp",
})  # fmt: skip
"""Where everybody has his mail: one robot's domain is not the same as a million customers' one."""

LONGEST_WAIT = timedelta(days=1)
"""A letter that could not leave within a day says something that is no longer news; a person decides about it."""

IN_TURN = "in-turn"
"""Why a letter waits that would overtake what was said before it in the same conversation."""
TURN = timedelta(seconds=5)

_IN_CONVERSATION = """
SELECT
  (SELECT count(*) FROM channels_message m WHERE m.conversation_id = %(conversation)s AND m.direction = 'out'
     AND m.is_automatic AND m.sent_at >= %(day)s),
  (SELECT count(*) FROM channels_message m WHERE m.conversation_id = %(conversation)s AND m.channel = 'mail'
     AND m.at >= %(ten_minutes)s AND (m.direction = 'in' OR m.sent_at IS NOT NULL))
"""

_IN_TIME = """
WITH left_at AS (
  SELECT m.sent_at AS at FROM channels_message m WHERE m.is_automatic AND m.sent_at > %(since)s AND m.sent_at <= %(now)s AND {alike}
  UNION ALL
  SELECT m.send_at FROM channels_message m
    WHERE m.is_automatic AND m.state = 'sending' AND m.id <> %(self)s AND {alike})
SELECT ARRAY(SELECT at FROM left_at ORDER BY at DESC LIMIT %(limit)s),
  (SELECT count(*) FROM channels_message m WHERE m.is_automatic AND m.state = 'queued' AND m.outcome = %(code)s
     AND (m.at, m.id) < (%(written_at)s, %(self)s) AND {alike})
"""
"""When the letters of this kind left that still count, and how many wait for the same that were written before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it leave? If not: why, and the earliest instant at which it may; None when that is never."""

    why_not: str = ""
    leaves_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """So many letters of one kind in so much time."""

    refusal: Refusal
    limit: int
    window: timedelta
    alike: str
    """Which letters count, as a condition over `m`."""


def judge(message: Message, *, at: datetime) -> Verdict:
    """Judge one letter that a machine wrote; what a person wrote always may leave.

    Counting it and marking it as leaving are one step for all that a machine sends: part of a transaction.
    """
    if not message.is_automatic:
        return Verdict()
    older = _said_before(message)
    if older is not None:
        due = older.send_at or at
        # The longer the one before is overdue, the longer it takes until somebody looks again.
        return Verdict(IN_TURN, max(due, at + (at - due)) + TURN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('channels.budgets', 0))")
    budgets = PERSONAL if message.is_personal else TO_CUSTOMERS
    counted = {rate: _counted(rate, message, at) for rate in _rates(message, budgets)}
    used = {rate.refusal: len(left) + ahead for rate, (left, ahead) in counted.items()}
    in_conversation, lately = _counts_of_conversation(message, at)
    decision = loops.may_reply_automatically(
        loops.ReplyFacts(
            sender_email=_address(message),
            own_addresses=own_addresses(),
            replies_in_conversation_24h=in_conversation,
            mails_of_conversation_in_10_minutes=lately,
            replies_to_sender_24h=used[Refusal.SENDER_RATE],
            replies_to_domain_1h=used.get(Refusal.DOMAIN_RATE, 0),
            replies_in_last_minute=used[Refusal.MINUTE_RATE],
        ),
        budgets=budgets,
    )
    if decision.may_reply:
        return Verdict()
    if not decision.is_only_early or _is_sign_of_loop(message, decision.refusals):
        return Verdict(", ".join(refusal.value for refusal in decision.refusals))
    waits = [
        (frees_at(left, ahead, rate, at=at), rate.refusal)
        for rate, (left, ahead) in counted.items()
        if rate.refusal in decision.refusals
    ]
    leaves_at, longest = max(waits)
    return Verdict(longest.value, leaves_at)


def _is_sign_of_loop(message: Message, refusals: tuple[Refusal, ...]) -> bool:
    """A company of ours is told much at once; strangers who write from ever new addresses of one domain, each
    with a case of his own, are one robot. And a sign-in code that comes tomorrow opens nothing."""
    if message.is_personal:
        return Refusal.SENDER_RATE in refusals
    return Refusal.DOMAIN_RATE in refusals and message.account_id is None


def _said_before(message: Message) -> Message | None:
    """What was said before in the same conversation and has not left yet: no letter overtakes it."""
    if message.conversation_id is None:
        return None
    waiting = (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING)
    rows = Message.objects.filter(
        conversation_id=message.conversation_id, direction=Direction.OUT, channel="mail", at__lte=message.at
    )
    older = rows.filter(state__in=waiting).exclude(at=message.at, id__gte=message.pk)
    return older.only("id", "at", "send_at").order_by("at", "id").last()


def _rates(message: Message, budgets: Budgets) -> list[Rate]:
    minute, day = timedelta(minutes=1), timedelta(days=1)
    # Who waits for a sign-in code stands in no queue with letters: codes have minutes of their own.
    whom = "m.conversation_id IS NULL" if message.is_personal else "true"
    rates = [
        Rate(Refusal.MINUTE_RATE, budgets.replies_per_minute, minute, whom),
        Rate(Refusal.SENDER_RATE, budgets.replies_per_sender_per_day, day, "m.recipients ->> 0 = %(to)s"),
    ]
    domain = _domain(message)
    if not message.is_personal and domain not in {*SHARED_DOMAINS, settings.MAIL_DOMAIN}:
        alike = "lower(split_part(m.recipients ->> 0, '@', 2)) = %(domain)s"
        rates.append(
            Rate(Refusal.DOMAIN_RATE, budgets.replies_per_domain_per_hour, timedelta(hours=1), alike)
        )
    return rates


def _counted(rate: Rate, message: Message, at: datetime) -> tuple[list[datetime], int]:
    parameters: dict[str, Any] = {
        "since": at - rate.window,
        "now": at,
        "limit": rate.limit,
        "code": rate.refusal.value,
        "self": message.pk,
        "written_at": message.at,
        "to": _address(message),
        "domain": _domain(message),
    }
    with connection.cursor() as cursor:
        cursor.execute(_IN_TIME.format(alike=rate.alike), parameters)
        left, ahead = cursor.fetchone()
    return sorted(left), int(ahead)


def _counts_of_conversation(message: Message, at: datetime) -> tuple[int, int]:
    parameters = {
        "conversation": message.conversation_id,
        "day": at - timedelta(days=1),
        "ten_minutes": at - timedelta(minutes=10),
    }
    with connection.cursor() as cursor:
        cursor.execute(_IN_CONVERSATION, parameters)
        in_conversation, lately = cursor.fetchone()
    return int(in_conversation), int(lately)


def frees_at(left: list[datetime], ahead: int, rate: Rate, *, at: datetime) -> datetime:
    """When a place is free for a letter with so many `ahead` of it, if each takes its place as soon as it frees.

    `left`: when the letters left that still count, oldest first, at most as many as the limit. A place frees one
    window after its letter left; those ahead who find a free one leave now.
    """
    places = [*left, *[at] * (rate.limit - len(left))]
    rounds, place = divmod(ahead + len(left) - rate.limit, rate.limit)
    return places[place] + rate.window * (rounds + 1)


def _address(message: Message) -> str:
    return str(message.recipients[0]) if message.recipients else ""


def _domain(message: Message) -> str:
    return _address(message).rpartition("@")[2].lower()


def own_addresses() -> frozenset[str]:
    """The addresses at which we receive; a mail from one of them is an echo."""
    return frozenset({settings.MAIL_FROM, f"reply@{settings.MAIL_DOMAIN}"})


def is_own(address: str) -> bool:
    """Whether an address is one of ours, also with a tag behind a plus."""
    own = {one.lower() for one in own_addresses()}
    return address.lower() in own or loops.without_tag(address.lower()) in own
