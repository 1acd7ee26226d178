"""What customers said: for one case, as lists, in figures that say how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.db.models import Count, Q

from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.core.paging import Page, page_by_key
from tightrope.core.statements import Given, written
from tightrope.surveys.models import FollowUp, Survey

Z_95 = 1.959964
LAST_MONTH = 30


@dataclass(frozen=True)
class Filter:
    """Which answers are wanted. Unknown words in an address are ignored."""

    scores: str = ""
    kind: str = ""
    with_words: bool = False
    days: int = 0
    """How long ago they were asked for at most, as the figures count them; 0 for all there is."""

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> Filter:
        """Read a filter from the address of a page."""
        scores, kind = asked.get("scores", ""), asked.get("kind", "")
        return cls(
            scores=scores if scores in {"low", "high"} else "",
            kind=kind if kind in Survey.Kind.values else "",
            with_words=asked.get("words") == "1",
            days=LAST_MONTH if asked.get("days") == str(LAST_MONTH) else 0,
        )


LOW = Q(kind="csat", score__lte=2) | Q(kind="nps", score__lte=6)
HIGH = Q(kind="csat", score__gte=4) | Q(kind="nps", score__gte=9)


def answers(
    wanted: Filter, *, by: Actor, at: datetime, after: str | None = None, size: int = 50
) -> Page[Survey]:
    """One page of answers this doer may see, the newest first."""
    rows = Survey.objects.visible_to(by).filter(answered_at__isnull=False).select_related(
        "case", "case__account", "contact", "owner", "team", "follow_up"
    )  # fmt: skip
    if wanted.scores:
        rows = rows.filter(LOW if wanted.scores == "low" else HIGH)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.with_words:
        rows = rows.exclude(comment="")
    if wanted.days:
        rows = rows.filter(asked_at__gte=at - timedelta(days=wanted.days))
    return page_by_key(rows, order=("-answered_at", "-pk"), after=after, size=size)


def calls_due(*, by: Actor, limit: int = 50) -> list[FollowUp]:
    """The return calls this doer may see that are still to be made, the next due first."""
    rows = FollowUp.objects.visible_to(by).filter(closed_at__isnull=True)
    rows = rows.select_related("survey", "case", "case__account", "contact", "owner", "team")
    return list(rows.order_by("due_at", "pk")[:limit])


def rating_of(case: Case, *, by: Actor) -> Survey | None:
    """What this customer answered about the case, if he did."""
    return Survey.objects.filter(
        case=case, contact_id=by.contact, kind=Survey.Kind.CSAT, score__isnull=False
    ).first()


def answers_about(case: Case, *, by: Actor) -> list[Survey]:
    """Every answer about one case that this doer may see, oldest first."""
    reach = (by.kind, by.user_id, by.contact, by.case, by.scope("survey.view"), by.teams, by.regions)
    rows = written(
        ("answers about a case", reach),
        lambda: (
            Survey.objects.visible_to(by)
            .filter(case_id=Given("case"), answered_at__isnull=False)
            .select_related("contact", "follow_up")
            .order_by("answered_at", "pk")
        ),
    )
    return rows.all(case=case.pk)


def answers_of_account(account_ids: tuple[int, ...], *, by: Actor, limit: int = 5) -> list[Survey]:
    """The newest answers of a customer."""
    rows = Survey.objects.visible_to(by).filter(account_id__in=account_ids, answered_at__isnull=False)
    return list(rows.select_related("case", "contact").order_by("-answered_at", "-pk")[:limit])


def may_ask_again(survey: Survey, *, since: datetime) -> bool:
    """Whether this person was not asked since then if he would recommend us."""
    asked = Survey.objects.filter(kind=Survey.Kind.NPS, contact_id=survey.contact_id, asked_at__gte=since)
    return survey.contact_id is not None and not asked.exclude(case_id=survey.case_id).exists()


@dataclass(frozen=True)
class Share:
    """A share with its sample and the 95 % interval in which the true one lies (Wilson)."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        return self.part / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.part, self.of)


def wilson(part: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share (E. B. Wilson 1927): right also for small samples and shares near 0 and 1."""
    if of == 0:
        return 0.0, 1.0
    share, spread = part / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Figures:
    """How satisfied customers were in a period. Whoever did not answer is no number: he is beside it."""

    asked: int
    satisfied: Share
    nps_answers: int
    nps: float | None
    nps_interval: tuple[float, float] | None

    @property
    def response_rate(self) -> float | None:
        return self.satisfied.of / self.asked if self.asked else None


def figures(
    *, since: datetime, until: datetime, team_id: int | None = None, by: Actor | None = None
) -> Figures:
    """CSAT (share of 4 and 5) with its response rate, and NPS, of what was asked in a period; one statement."""
    seen = Survey.objects.all() if by is None else Survey.objects.visible_to(by)
    rows = seen.filter(asked_at__gte=since, asked_at__lt=until)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    csat, nps = Q(kind="csat"), Q(kind="nps", score__isnull=False)
    found: dict[str, Any] = rows.aggregate(
        asked=Count("pk", filter=csat),
        answered=Count("score", filter=csat),
        satisfied=Count("pk", filter=csat & Q(score__gte=4)),
        n=Count("pk", filter=nps),
        promoters=Count("pk", filter=nps & Q(score__gte=9)),
        detractors=Count("pk", filter=nps & Q(score__lte=6)),
    )
    score, interval = _nps(found["n"], found["promoters"], found["detractors"])
    return Figures(
        asked=found["asked"],
        satisfied=Share(found["satisfied"], found["answered"]),
        nps_answers=found["n"],
        nps=score,
        nps_interval=interval,
    )


def _nps(n: int, promoters: int, detractors: int) -> tuple[float | None, tuple[float, float] | None]:
    """Promoters less detractors in points, with the normal 95 % interval of a difference of two shares of one sample."""
    if not n:
        return None, None
    p, d = promoters / n, detractors / n
    value = p - d
    half = Z_95 * sqrt(max(p + d - value * value, 0.0) / n)
    return 100 * value, (100 * max(-1.0, value - half), 100 * min(1.0, value + half))


def satisfaction_of(account_ids: tuple[int, ...], *, since: datetime, by: Actor) -> Share:
    """How many of a customer's answers since then were 4 or 5."""
    rows = Survey.objects.visible_to(by).filter(
        account_id__in=account_ids, kind=Survey.Kind.CSAT, answered_at__gte=since
    )
    found = rows.aggregate(good=Count("pk", filter=Q(score__gte=4)), n=Count("pk"))
    return Share(found["good"], found["n"])
