"""Reading the passages: which are wanted, how many there are by whom, and the rows themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from tightrope.cases.models import Case, Category
from tightrope.core.actor import Actor
from tightrope.core.paging import Page, page_by_key
from tightrope.measures.models import STALLS, Passage, PassageSet
from tightrope.people.models import Team, User
from tightrope.promises.models import Source

PERIODS = (30, 90)
Kind = Passage.Kind
Group = Literal["user", "team", "source", "case__category"]
NOBODY = 0
"""Stands in an address for the rows that name nobody, no department or no category."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages are wanted. Unknown words in an address are ignored, never turned into look-ups."""

    days: int = 30
    kind: str = ""
    person: int | None = None
    team: int | None = None
    category: int | None = None
    version: int | None = None
    source: str = ""
    channel: str = ""

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> Wanted:
        def number(name: str) -> int | None:
            text = asked.get(name, "")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

        def word(name: str, known: Iterable[str]) -> str:
            text = asked.get(name, "")
            return text if text in known else ""

        days = number("days")
        return cls(
            days=days if days in PERIODS else 30,
            kind=word("kind", [*Kind.values, "stalls"]),
            person=number("person"),
            team=number("team"),
            category=number("category"),
            version=number("version"),
            source=word("source", Source.values),
            channel=word("channel", Case.Channel.values),
        )

    def rows_url(self, kind: str, **narrower: int | str | None) -> str:
        """The address of the rows behind a figure of this period."""
        said = asdict(self) | {"kind": kind} | narrower
        known = {name: value for name, value in said.items() if value is not None and value != ""}
        return f"{reverse('measures:passages')}?{urlencode(known)}"

    def since(self, at: datetime) -> datetime:
        return at - timedelta(days=self.days)


def narrowed(wanted: Wanted, *, by: Actor, since: datetime, until: datetime) -> PassageSet:
    """The passages that began in a period, as far as this doer may see them."""
    rows: PassageSet = Passage.objects.visible_to(by).filter(at__gte=since, at__lt=until)
    if wanted.kind:
        rows = rows.filter(kind__in=STALLS if wanted.kind == "stalls" else [wanted.kind])
    if wanted.kind == Kind.CLARIFIED:
        # Rounds are told per new case: those of cases that came in earlier would have no case to be divided by.
        rows = rows.filter(case__told_at__gte=since)
    for field, value in (
        ("user_id", wanted.person),
        ("team_id", wanted.team),
        ("case__category_id", wanted.category),
        ("case__form_version", wanted.version),
    ):
        if value is not None:
            rows = rows.filter(**{field: None if value == NOBODY else value})
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.channel:
        rows = rows.filter(case__channel=wanted.channel)
    return rows


def rows(wanted: Wanted, *, by: Actor, at: datetime, after: str | None, size: int = 50) -> Page[Passage]:
    """One page of the passages themselves, the latest first."""
    found = narrowed(wanted, by=by, since=wanted.since(at), until=at)
    found = found.select_related("case", "case__account", "user", "team")
    return page_by_key(found, order=("-at", "-pk"), after=after, size=size)


def openable(found: Iterable[Passage], *, by: Actor) -> set[int]:
    """Those of their cases that the doer may open."""
    ids = {passage.case_id for passage in found}
    return set(Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))


def totals(wanted: Wanted, kinds: Sequence[Kind], *, by: Actor, at: datetime) -> dict[str, tuple[int, int]]:
    """How many of each kind there were in the period, and in the equally long one before."""
    since = wanted.since(at)
    both = narrowed(wanted, by=by, since=since - timedelta(days=wanted.days), until=at)
    counted = both.filter(kind__in=kinds).values("kind").order_by()
    found = {
        row["kind"]: (row["now"], row["before"])
        for row in counted.annotate(
            now=Count("pk", filter=Q(at__gte=since)), before=Count("pk", filter=Q(at__lt=since))
        )
    }
    return {kind.value: found.get(kind.value, (0, 0)) for kind in kinds}


def counts_by(
    group: Group, wanted: Wanted, kinds: Sequence[Kind], *, by: Actor, at: datetime
) -> dict[Any, dict[str, int]]:
    """How many of each kind there were in the period by person, department, source or category."""
    rows = narrowed(wanted, by=by, since=wanted.since(at), until=at).filter(kind__in=kinds)
    found: dict[Any, dict[str, int]] = {}
    for key, kind, count in rows.order_by().values_list(group, "kind").annotate(count=Count("pk")):
        found.setdefault(key, dict.fromkeys((one.value for one in kinds), 0))[kind] = count
    return found


def names_of(group: Group, keys: Iterable[int | None]) -> dict[int, str]:
    """What people, departments and categories are called."""
    model: Any = {"user": User, "team": Team, "case__category": Category}[group]
    return {pk: row.name for pk, row in model.objects.in_bulk([key for key in keys if key]).items()}
