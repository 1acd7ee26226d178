"""Whether a machine's letter may leave now. Two robots that write to each other end here, whatever they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from tightrope.channels.mail import loops
from tightrope.channels.mail.loops import Budgets, Refusal
from tightrope.channels.models import Message

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

_COUNTS = """
SELECT
  (SELECT count(*) FROM channels_message m WHERE m.conversation_id = %(conversation)s AND m.direction = 'out'
     AND m.is_automatic AND m.sent_at >= %(day)s),
  (SELECT count(*) FROM channels_message m WHERE m.conversation_id = %(conversation)s AND m.channel = 'mail'
     AND m.at >= %(ten_minutes)s AND (m.direction = 'in' OR m.sent_at IS NOT NULL)),
  (SELECT count(*) FROM channels_message m WHERE m.is_automatic AND m.recipients ->> 0 = %(to)s
     AND m.sent_at >= %(day)s),
  (SELECT count(*) FROM channels_message m WHERE m.is_automatic AND m.sent_at >= %(hour)s
     AND split_part(m.recipients ->> 0, '@', 2) = %(domain)s),
  (SELECT count(*) FROM channels_message m WHERE m.is_automatic AND m.sent_at >= %(minute)s)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it leave? If not: why, and whether it is only too early (then it may in a while)."""

    why_not: str = ""
    is_only_early: bool = False


def judge(message: Message, *, at: datetime) -> Verdict:
    """Judge one letter that a machine wrote; what a person wrote always may leave."""
    if not message.is_automatic:
        return Verdict()
    to = str(message.recipients[0]) if message.recipients else ""
    domain = to.rpartition("@")[2].lower()
    is_counted = not message.is_personal and domain not in {*SHARED_DOMAINS, settings.MAIL_DOMAIN}
    parameters = {
        "conversation": message.conversation_id,
        "to": to,
        "domain": domain if is_counted else "",
        "day": at - timedelta(days=1),
        "hour": at - timedelta(hours=1),
        "ten_minutes": at - timedelta(minutes=10),
        "minute": at - timedelta(minutes=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, parameters)
        in_conversation, lately, to_sender, to_domain, in_minute = cursor.fetchone()
    decision = loops.may_reply_automatically(
        loops.ReplyFacts(
            sender_email=to,
            own_addresses=own_addresses(),
            replies_in_conversation_24h=in_conversation,
            mails_of_conversation_in_10_minutes=lately,
            replies_to_sender_24h=to_sender,
            replies_to_domain_1h=to_domain,
            replies_in_last_minute=in_minute,
        ),
        budgets=PERSONAL if message.is_personal else TO_CUSTOMERS,
    )
    return Verdict(
        why_not=", ".join(refusal.value for refusal in decision.refusals),
        is_only_early=decision.refusals == (Refusal.MINUTE_RATE,),
    )


def own_addresses() -> frozenset[str]:
    """The addresses at which we receive; a mail from one of them is an echo."""
    return frozenset({settings.MAIL_FROM, f"reply@{settings.MAIL_DOMAIN}"})


def is_own(address: str) -> bool:
    """Whether an address is one of ours, also with a tag behind a plus."""
    own = {one.lower() for one in own_addresses()}
    return address.lower() in own or loops.without_tag(address.lower()) in own
