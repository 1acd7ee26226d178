"""From what a customer said to the suspicion, or by the company's rules at once the fact, that he complains."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tightrope.cases import actions
from tightrope.cases.complaint_words import Found, found_in
from tightrope.cases.models import Case, ComplaintSign, Rules
from tightrope.channels.models import Direction, Message
from tightrope.core.actor import SYSTEM
from tightrope.timeline.queries import Happening


def look_at_words(event: Happening) -> None:
    """Look for words of complaint in what the customer said: his first words with the title, or one more word."""
    case = Case.objects.select_related("conversation").get(pk=event.subject_id)
    if case.type == Case.Type.COMPLAINT:
        return
    rules = Rules.in_force()
    said = _first_words(case) if event.kind == "case.opened" else _one_word(case, event)
    ours = _our_words(case)
    found: dict[str, Found] = {}
    for text in said:
        for one in found_in(text, rules.complaint_words, ours=ours):
            found.setdefault(one.word, one)
    for one in found.values():
        suspect(case, ComplaintSign.Ground.WORD, one.word, one.quote, at=event.at)


@transaction.atomic
def suspect(case: Case, ground: str, word: str, quote: str, *, at: datetime) -> None:
    """Suggest that it is a complaint; make it one at once where the company wants that and the case goes on.

    Both or neither: a job that dies between would leave only the suggestion. What is said to be solved is judged by a person: opening it again is not for a machine.
    """
    sign = actions.suspect_complaint(case, ground=ground, word=word, quote=quote, by=SYSTEM, at=at)
    at_once = Rules.in_force().detection == Rules.Detection.MAKE
    if sign is not None and at_once and not case.is_finished:
        reason = reason_of(sign)
        actions.make_complaint(case, accused=case.accused_team, reason=reason, by=SYSTEM, at=at)


def reason_of(sign: ComplaintSign) -> str:
    """The ground as a reason that can be read later."""
    if sign.ground == ComplaintSign.Ground.SCORE:
        return _("The customer gave the score %(score)s. %(words)s") % {
            "score": sign.word,
            "words": sign.quote,
        }
    return _("The customer wrote “%(word)s”: %(words)s") % {"word": sign.word, "words": sign.quote}


def _first_words(case: Case) -> list[str]:
    return [case.title, *(message.text for message in _messages(case, Direction.IN))]


def _one_word(case: Case, event: Happening) -> list[str]:
    at = parse_datetime(event.facts["message_at"])
    rows = Message.objects.filter(id=event.facts["message_id"], at=at, is_automatic=False)
    return [message.text for message in rows]


def _our_words(case: Case) -> list[str]:
    return [message.text for message in _messages(case, Direction.OUT)]


def _messages(case: Case, direction: str) -> list[Message]:
    """What was said in one direction, from the conversation's own beginning on."""
    rows = Message.objects.filter(
        conversation_id=case.conversation_id, direction=direction, at__gte=case.conversation.opened_at
    )
    if direction == Direction.IN:
        rows = rows.filter(is_automatic=False)
    return list(rows.only("id", "at", "text").order_by("at", "id")[:200])
