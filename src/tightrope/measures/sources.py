"""What is on record of cases, gathered for the figures: their words, who had them, what happened to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tightrope.cases.models import Case, Stint
from tightrope.channels.models import Direction, Message, MessageState
from tightrope.core.actor import Kind
from tightrope.measures.courses import KINDS, Held, Told, Word
from tightrope.timeline.histories import events_about

NO_COURSE = (Case.Status.MERGED, Case.Status.REJECTED)
"""What was put into another case, or was none, counts nowhere."""


def told(case_ids: Iterable[int]) -> list[Told]:
    """All that figures look at of these cases, in four statements however many they are."""
    rows = Case.objects.filter(pk__in=list(case_ids)).exclude(status__in=NO_COURSE)
    cases = list(
        rows.values_list("pk", "told_at", "received_at", "reported_by_id", "conversation_id").order_by("pk")
    )
    if not cases:
        return []
    since = min(told_at for _pk, told_at, *_rest in cases)
    ids = [pk for pk, *_rest in cases]
    words = _words([conversation for *_rest, conversation in cases], since)
    held = _held(ids)
    events = events_about("case", ids, kinds=KINDS, since=since)
    return [
        Told(
            case_id=pk,
            told_at=told_at,
            received_at=received_at,
            reported_by_id=reported_by_id,
            words=words[conversation],
            held=held[pk],
            events=events.get(pk, []),
        )
        for pk, told_at, received_at, reported_by_id, conversation in cases
    ]


def _words(conversations: list[int], since: datetime) -> dict[int, list[Word]]:
    rows = Message.objects.filter(conversation_id__in=conversations, at__gte=since, is_automatic=False)
    said = rows.exclude(state=MessageState.TAKEN_BACK).order_by("at", "id")
    found: dict[int, list[Word]] = defaultdict(list)
    for conversation, at, direction, kind, author in said.values_list(
        "conversation_id", "at", "direction", "author_kind", "author_id"
    ):
        assert conversation is not None  # it is one of those asked for
        is_ours = direction == Direction.OUT
        found[conversation].append(Word(at, is_ours, author if is_ours and kind == Kind.STAFF else None))
    return found


def _held(case_ids: list[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    rows = Stint.objects.filter(case_id__in=case_ids).order_by("case_id", "from_at", "pk")
    for case_id, from_at, until_at, team_id, user_id in rows.values_list(
        "case_id", "from_at", "until_at", "team_id", "owner_id"
    ):
        found[case_id].append(Held(from_at, until_at, team_id, user_id))
    return found
