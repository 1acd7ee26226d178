"""Reads of the desk: the queue, one case with all it needs, counts that never grow expensive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases.access import reach_key, reach_of, sees_all
from tightrope.cases.models import (
    UNFINISHED,
    Call,
    CannedReply,
    Case,
    CaseSet,
    Category,
    ComplaintSign,
    Rules,
    SavedView,
    in_words_of_reader,
)
from tightrope.channels import queries as channels
from tightrope.channels.models import Conversation, Message, MessageState
from tightrope.core.actor import Actor
from tightrope.core.paging import Page, one_more, page_by_key, page_of
from tightrope.core.prepared import Given, Planned, Prepared
from tightrope.core.statements import MOST_KEPT, written, written_for_values
from tightrope.customers.models import Account
from tightrope.people.models import Team, User
from tightrope.timeline import queries as timeline
from tightrope.timeline.models import Note

COUNT_AT_MOST = 100
QUEUE_ORDER = ("next_due_at", "priority", "pk")
"""By promise, then priority, then age. The time of the last message never changes the order."""


@dataclass(frozen=True)
class Filter:
    """What of the queue is wanted. Unknown words in an address are ignored, never turned into look-ups."""

    view: str = "open"
    team_id: int | None = None
    category_id: int | None = None
    type: str = ""
    tier: int | None = None
    account_id: int | None = None
    tag: str = ""
    order: str = "promise"

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> Filter:
        """Read a filter from the address of a page."""

        def number(name: str) -> int | None:
            text = asked.get(name, "")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

        view = asked.get("view", "open")
        kind = asked.get("type", "")
        return cls(
            view=view if view in VIEWS else "open",
            team_id=number("team"),
            category_id=number("category"),
            type=kind if kind in Case.Type.values else "",
            tier=number("tier"),
            account_id=number("account"),
            tag=asked.get("tag", "")[:60],
        )


VIEWS = (
    "open",
    "mine",
    "team",
    "unassigned",
    "waiting",
    "complaints",
    "suspected",
    "calls",
    "late",
    "heard",
    "solved",
    "all",
    "rejected",
)


def queue(
    wanted: Filter,
    *,
    by: Actor,
    at: datetime,
    after: str | None = None,
    size: int = 50,
    only_named: bool = False,
) -> Page[Case]:
    """One page of the queue as this doer may see it, by promise and priority; finished ones newest first.

    With `only_named` the cases carry what a row shows and nothing else.
    """
    order = ("-told_at", "-pk") if wanted.view in {"solved", "all", "rejected"} else QUEUE_ORDER
    if wanted.view == "calls":
        order = ("call_due_at", "pk")

    def rows(now: datetime | Given) -> CaseSet:
        visible = Case.objects.visible_to(by)
        return _narrowed(visible.named() if only_named else visible.with_people(), wanted, by, now)

    if after:
        return page_by_key(rows(at), order=order, after=after, size=size)
    is_plain = wanted == Filter(view=wanted.view, order=wanted.order) and wanted.view != "team"
    # An index holds the rows of a plain view in their order; else a rare value may want to be looked for.
    writing = written if is_plain and sees_all(by) else written_for_values
    first = writing(
        ("queue", wanted, only_named, size, reach_key(by)),
        lambda: one_more(rows(Given("at")), order=order, size=size),
    )
    return page_of(first.all(at=at), order=order, size=size, is_first=True)


def _narrowed(rows: CaseSet, wanted: Filter, by: Actor, at: datetime | Given) -> CaseSet:
    rows = rows.filter(_view(wanted.view, by, at))
    if wanted.team_id:
        rows = rows.filter(team_id=wanted.team_id)
    if wanted.category_id:
        rows = rows.filter(Q(category_id=wanted.category_id) | Q(category__parent_id=wanted.category_id))
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.tier:
        rows = rows.filter(tier=wanted.tier)
    if wanted.account_id:
        rows = rows.filter(account_id=wanted.account_id)
    if wanted.tag:
        rows = rows.filter(tags__contains=[wanted.tag])
    return rows


def _view(view: str, by: Actor, at: datetime | Given) -> Q:
    working = Q(status__in=[s for s in UNFINISHED if s != Case.Status.WAITING])
    unfinished = Q(status__in=UNFINISHED)
    match view:
        case "mine":
            return unfinished & Q(owner_id=by.user_id)
        case "team":
            return working & Q(team_id__in=by.teams)
        case "unassigned":
            return working & Q(owner_id__isnull=True)
        case "waiting":
            return Q(status=Case.Status.WAITING)
        case "complaints":
            return unfinished & Q(type=Case.Type.COMPLAINT)
        case "suspected":
            return Q(signs__gt=0) & ~Q(status__in=[Case.Status.MERGED, Case.Status.REJECTED])
        case "calls":
            return Q(call_due_at__isnull=False)
        case "late":
            return working & Q(next_due_at__lt=at)
        case "heard":
            # Whatever became of the case: our letters say "answer this mail" when one is closed or refused, too.
            return Q(heard_at__isnull=False) & ~Q(status=Case.Status.MERGED)
        case "solved":
            return Q(status__in=[Case.Status.SOLVED, Case.Status.CLOSED])
        case "rejected":
            return Q(status=Case.Status.REJECTED)
        case "all":
            return Q()
    return working


def counts(views: tuple[str, ...], *, by: Actor, at: datetime) -> dict[str, int]:
    """How many cases stand in each view, counted up to 100: more than that is "99+" for a person anyway."""
    key = (views, reach_key(by))
    known = _counting.get(key)
    if known is None:
        if len(_counting) >= MOST_KEPT:
            _counting.clear()
        known = _counting[key] = _written_counts(views, by)
    (row,) = known.rows(at=at)
    return dict(zip(views, row, strict=True))


_counting: dict[tuple[Any, ...], Planned] = {}


def _written_counts(views: tuple[str, ...], by: Actor) -> Planned:
    parts: list[str] = []
    parameters: list[Any] = []
    for view in views:
        rows = Case.objects.visible_to(by).filter(_view(view, by, Given("at"))).order_by()
        try:
            sql, values = rows.values("pk")[:COUNT_AT_MOST].query.sql_with_params()
        except (
            EmptyResultSet
        ):  # a view that can hold nothing for this doer, e.g. of his team when he has none
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - our own ORM wrote it
        parameters.extend(values)
    sent = Prepared if sees_all(by) else Planned
    return sent(f"SELECT {', '.join(parts)}", parameters)


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation as staff read it: a public message or an internal note, never both."""

    at: datetime
    message: Message | None = None
    note: Note | None = None


def conversation_of(case: Case, *, by: Actor) -> list[Turn]:
    """What was said, oldest first. Notes of colleagues, and answers that can still be taken back, are among it
    only for staff. Of the cases merged into it a customer reads those that were his to read."""
    words_of = channels.messages_for_staff if by.is_staff else channels.messages_of
    turns = [
        Turn(at=message.at, message=message)
        for conversation in _conversations_of(case, by)
        for message in words_of(conversation)
    ]
    if by.is_staff:
        turns += [Turn(at=note.at, note=note) for note in timeline.notes_of("case", case.pk)]
    return sorted(turns, key=lambda turn: turn.at)


def saved_views(*, by: Actor) -> list[SavedView]:
    """The views this doer saved, and those colleagues share."""
    if by.user_id is None:
        return []
    views = written(
        "saved views",
        lambda: SavedView.objects.filter(Q(user_id=Given("user")) | Q(is_shared=True)).order_by("name", "pk")[
            :30
        ],
    )
    return views.all(user=by.user_id)


def names_of(wanted: Filter, *, by: Actor) -> dict[str, str]:
    """What the filters that are numbers in the address are called, as far as this doer may see it."""
    named: dict[str, str] = {}
    if wanted.team_id and (team := Team.objects.filter(pk=wanted.team_id).first()):
        named["team"] = team.name
    if wanted.category_id and (category := Category.objects.filter(pk=wanted.category_id).first()):
        named["category"] = category.name
    if wanted.account_id:
        account = Account.objects.visible_to(by).filter(pk=wanted.account_id).first()
        named["account"] = account.name if account else "–"
    return named


def _conversations_of(case: Case, by: Actor) -> list[Conversation]:
    """The conversation of a case and those of the cases merged into it.

    Two colleagues of one customer who may not see each other's cases do not read each other by a merge.
    """
    merged: list[int] | None = getattr(case, "merged_conversations", None)
    if merged is None or (merged and by.is_customer):
        rows = case.merged.all()
        if by.is_customer:
            own = Q(contact_id=by.contact) if by.contact is not None else Q(pk__in=[])
            rows = rows.filter(own | reach_of(by))
        merged = list(rows.order_by("pk").values_list("conversation_id", flat=True))
    if not merged:
        return [case.conversation]
    theirs = Conversation.objects.in_bulk(merged)
    return [case.conversation, *(theirs[pk] for pk in merged)]


def message_of(case: Case, message_id: int) -> Message | None:
    """One message of this case's conversation."""
    begun = case.conversation.opened_at
    return Message.objects.filter(conversation_id=case.conversation_id, id=message_id, at__gte=begun).first()


def said_since(case: Case, at: datetime, *, by: Actor) -> list[Message]:
    """Public words of the customer or of colleagues after this instant, oldest first."""
    rows = Message.objects.filter(conversation_id=case.conversation_id, at__gt=at, is_automatic=False)
    rows = rows.exclude(state=MessageState.TAKEN_BACK)
    if by.id is not None:
        rows = rows.exclude(author_kind=by.kind.value, author_id=by.id)
    return list(rows.order_by("at", "id")[:20])


def similar_cases(case: Case, *, by: Actor, limit: int = 5) -> list[Case]:
    """Other cases of the same category or customer that may tell how it went, newest first."""
    has_account, has_category = case.account_id is not None, case.category_id is not None
    if not (has_account or has_category):
        return []

    def near() -> CaseSet:
        fits = Q(account_id=Given("account")) if has_account else Q(pk__in=[])
        if has_category:
            fits |= Q(category_id=Given("category"))
        rows = Case.objects.visible_to(by).filter(fits).exclude(pk=Given("case")).named()
        newest: CaseSet = rows.order_by("-told_at", "-pk")[:limit]
        return newest

    # An index holds the cases of an account in their order; those of a category may be few or most of all.
    writing = written_for_values if has_category else written
    statement = writing(("similar", has_account, has_category, limit, reach_key(by)), near)
    return statement.all(account=case.account_id, category=case.category_id, case=case.pk)


def relatives_of(case: Case, *, by: Actor) -> list[Case]:
    """What belongs together with a case, as far as the doer may see it: its parent and children, what it was
    split from and what was split off it."""
    above = [pk for pk in (case.parent_id, case.split_from_id) if pk is not None]
    if not above and not getattr(case, "has_kin", True):
        return []  # the statement of the one door has said so
    kin = Q(parent_id=Given("case")) | Q(split_from_id=Given("case")) | Q(pk__any_of=Given("above"))
    rows = written(
        ("relatives", reach_key(by)),
        lambda: Case.objects.visible_to(by).filter(kin).with_people().order_by("pk")[:100],
    )
    return rows.all(case=case.pk, above=above)


def open_children_of(case: Case) -> list[str]:
    """The numbers of the children that have not ended."""
    return list(
        case.children.filter(status__in=UNFINISHED).order_by("pk").values_list("number", flat=True)[:20]
    )


def words_of_customer(case: Case) -> list[Message]:
    """What the customer himself said in a case, oldest first."""
    return [word for word in channels.messages_of(case.conversation) if word.direction == "in"]


def mergeable_with(case: Case, asked: str, *, by: Actor, limit: int = 20) -> list[Case]:
    """Open cases of the same customer into which this one may be merged, those that fit the words first."""
    rows = Case.objects.visible_to(by).unfinished().filter(account_id=case.account_id)
    rows = rows.exclude(pk=case.pk).with_people()
    if asked.strip():
        rows = rows.filter(Q(title__icontains=asked.strip()) | Q(number__iexact=asked.strip()))
    return list(rows.order_by("-told_at", "-pk")[:limit])


def calls_of(case: Case) -> list[Call]:
    """The calls of a case with every try, the newest first."""
    return list(
        case.calls.select_related("owner").prefetch_related("tries").order_by("-opened_at", "-pk")[:10]
    )


def open_signs(case: Case) -> list[ComplaintSign]:
    """What sounds like a complaint and nobody has judged yet."""
    return list(case.complaint_signs.filter(state=ComplaintSign.State.OPEN))


def cases_of_account(account_ids: tuple[int, ...], *, by: Actor, limit: int = 20) -> list[Case]:
    """The newest cases of an account (and of those merged into it)."""
    rows = Case.objects.visible_to(by).filter(account_id__in=account_ids).with_people()
    return list(rows.order_by("-told_at", "-pk")[:limit])


def to_look_at_again(*, at: datetime, limit: int = 200) -> list[Case]:
    """Cases about which the rules of silence have something to say now."""
    return list(Case.objects.filter(look_again_at__lte=at).order_by("look_again_at")[:limit])


def untriaged(*, at: datetime, limit: int = 1_000) -> list[Case]:
    """Cases that nobody has looked at for longer than the rules allow and of which somebody is to be told now: so
    many at most. Those of which somebody was told stand in nobody's way."""
    allowed = Rules.in_force().untriaged_after_minutes
    before = at - timedelta(minutes=allowed)
    rows = Case.objects.filter(status=Case.Status.RECEIVED, owner=None, received_at__lte=before)
    waiting = rows.order_by("received_at", "pk").iterator(chunk_size=limit)
    due = (case for case in waiting if alarms_due(waited_minutes(case, at=at), allowed) > case.alarms)
    return list(islice(due, limit))


def waited_minutes(case: Case, *, at: datetime) -> float:
    """How many working minutes have passed since we had it."""
    return worktime.working_seconds_between(worktime_of(None), start=case.received_at, end=at) / 60


def alarms_due(waited: float, allowed: int) -> int:
    """How often somebody should have been told by now: first after the allowed minutes, then each time the
    wait has doubled, so that a forgotten case neither keeps silent nor rings every quarter of an hour."""
    return 1 + int(math.log2(waited / allowed)) if waited >= allowed else 0


def people_above(team_id: int | None, *, times: int) -> list[User]:
    """Who is told that nobody looks at a case: who leads its team, else all who lead; from the second time on
    the managers as well."""
    leads = Q(memberships__team_id=team_id) & (Q(memberships__is_lead=True) | Q(roles__code="lead"))
    users = User.objects.filter(is_active=True)
    people = users.filter(leads) if team_id else users.none()
    if not people.exists():
        people = users.filter(Q(roles__code="lead") | Q(memberships__is_lead=True))
    above = users.filter(roles__code="manager") if times > 1 or not people.exists() else users.none()
    return list((people | above).distinct().order_by("pk"))


def canned_replies(case: Case, *, by: Actor) -> list[CannedReply]:
    """What may be said here: for everybody, for one's teams, for the category; most used first."""
    fitting = written(
        "canned replies",
        lambda: CannedReply.objects.filter(
            Q(team__isnull=True) | Q(team__pk__any_of=Given("teams")),
            Q(category__isnull=True) | Q(category__pk__any_of=Given("categories")),
            is_open=True,
        ).order_by("-uses", "code")[:40],
    )
    return fitting.all(teams=list(by.teams), categories=_upwards(case.category))


def _upwards(category: Category | None) -> list[int]:
    """A category and those above it."""
    ids: list[int] = []
    while category is not None:
        ids.append(category.pk)
        category = category.parent
    return ids


def form_key_of(category: Category | None) -> str:
    """The form that a category asks: its own, else that of the nearest above it; empty when there is none."""
    while category is not None and not category.form_key:
        category = category.parent
    return category.form_key if category is not None else ""


def filled_in(reply: CannedReply, case: Case, *, by: Actor) -> str:
    """The reply in the customer's language with its placeholders filled from the fixed list, in one pass."""
    from tightrope.cases.placeholders import fill

    return fill(in_words_of_reader(reply.bodies, case.language), case, by=by)


def find_by_number(number: str, *, by: Actor) -> Case | None:
    """The case with this human number, if the doer may see it."""
    found: Case | None = Case.objects.visible_to(by).filter(number__iexact=number.strip()).first()
    return found
