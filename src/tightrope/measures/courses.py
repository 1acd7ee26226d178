"""From what is on record of one case to the passages that reports count. Pure: no database, no clock.

The customer's time is not ours: where he was asked and has not answered, neither a gap in contact nor the time
with a person runs. A wait in which nobody asked him anything is no such time; it is counted as empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tightrope import worktime
from tightrope.measures.models import Passage
from tightrope.timeline.queries import Happening
from tightrope.worktime import Span

SILENCE_SECONDS = 8 * 3600
"""A working day without a word is a gap in contact."""
GRACE = timedelta(minutes=15)
"""Whoever sets waiting first and writes his question right after has asked."""

ENDS = frozenset({"case.solved", "case.closed", "case.rejected"})
BEGINS = frozenset({"case.reopened", "case.restored"})
WAIT_ENDS = ENDS | {"case.customer_wrote", "case.resumed"}
TAKES = frozenset({"case.accepted", "case.assigned", "case.answered", "case.solved"})
KINDS = ENDS | BEGINS | WAIT_ENDS | TAKES | {
    "case.waiting", "case.handed_over", "case.category_changed", "case.called", "promise.replaced",
}  # fmt: skip
Kind = Passage.Kind
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Word:
    """One public word: ours, by a person, or the customer's."""

    at: datetime
    is_ours: bool
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One stretch in which a team, a person or nobody answered for it."""

    from_at: datetime
    until_at: datetime | None
    team_id: int | None
    user_id: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is on record of one case and matters to figures, each in the order of time."""

    case_id: int
    told_at: datetime
    received_at: datetime
    reported_by_id: int | None
    words: list[Word]
    held: list[Held]
    events: list[Happening]


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait for the customer; `asked_at` is when he had been asked, None when nobody did."""

    began: Happening
    from_at: datetime
    until_at: datetime | None
    asked_at: datetime | None


def passages_of(told: Told, *, calendar: worktime.Calendar, at: datetime) -> list[Passage]:
    """The passages of one case as of `at`, in no particular order."""
    return list(_Course(told, calendar, at).passages())


class _Course:
    """One case as it went: when it was unfinished, when it waited, who had it."""

    def __init__(self, told: Told, calendar: worktime.Calendar, at: datetime) -> None:
        self.told, self.calendar, self.at = told, calendar, at
        self.words = sorted([*told.words, *_calls(told.events)], key=lambda word: word.at)
        self.open, self.is_open = self._unfinished()
        self.waits = list(self._waits())
        self.waiting = _spans((wait.from_at, wait.until_at or at) for wait in self.waits)
        self.asked = _spans(
            (wait.asked_at, wait.until_at or at) for wait in self.waits if wait.asked_at is not None
        )

    def passages(self) -> Iterator[Passage]:
        yield self._came_in()
        yield from self._turns()
        yield from self._waited()
        yield from self._silences()
        yield from self._stays()
        yield from self._carried()
        yield from self._clarified()

    # -- what the stretches are ---------------------------------------------------------------------------

    def _unfinished(self) -> tuple[list[Stretch], bool]:
        stretches: list[Stretch] = []
        begun: datetime | None = self.told.told_at
        for event in self.told.events:
            if event.kind in ENDS and begun is not None:
                stretches.append((begun, max(begun, event.at)))
                begun = None
            elif event.kind in BEGINS and begun is None:
                begun = event.at
        if begun is not None:
            stretches.append((begun, max(begun, self.at)))
        return stretches, begun is not None

    def _waits(self) -> Iterator[Wait]:
        began: Happening | None = None
        for event in self.told.events:
            if began is not None and event.kind in WAIT_ENDS:
                yield self._wait(began, event.at)
                began = None
            elif began is None and event.kind == "case.waiting":
                began = event
        if began is not None:
            yield self._wait(began, None)

    def _wait(self, began: Happening, until: datetime | None) -> Wait:
        before = [word for word in self.words if word.at <= began.at]
        asked_at: datetime | None = began.at
        if not (before and before[-1].is_ours):
            later = (
                word.at for word in self.words if word.is_ours and began.at < word.at < (until or self.at)
            )
            asked_at = next(later, None)
            if asked_at is not None and asked_at - began.at <= GRACE:
                asked_at = began.at
        return Wait(began, began.at, until, asked_at)

    def _worked(self, start: datetime, end: datetime, *, less: Iterable[Span] = ()) -> float:
        """Working time between two instants in which the case was unfinished, less some stretches of it."""
        taken = list(less)
        return sum(
            worktime.worked_seconds(self.calendar, start=max(start, begun), end=min(end, ended), pauses=taken)
            for begun, ended in self.open
            if begun < end and ended > start
        )

    def _holder(self, at: datetime) -> Held | None:
        """Who had it just before this instant; at its very beginning, who had it first."""
        before = [held for held in self.told.held if held.from_at < at]
        return before[-1] if before else next(iter(self.told.held), None)

    def _passage(self, kind: Kind, at: datetime, **facts: object) -> Passage:
        return Passage(case_id=self.told.case_id, kind=kind.value, at=at, **facts)

    # -- what is counted ----------------------------------------------------------------------------------

    def _came_in(self) -> Passage:
        told = self.told
        delay = worktime.working_seconds_between(
            self.calendar, start=told.told_at, end=max(told.told_at, told.received_at)
        )
        return self._passage(Kind.CAME_IN, told.told_at, user_id=told.reported_by_id, seconds=delay)

    def _turns(self) -> Iterator[Passage]:
        for event in self.told.events:
            holder = self._holder(event.at)
            team_id = holder.team_id if holder else None
            facts = event.facts
            match event.kind:
                case "promise.replaced":
                    before, due = (datetime.fromisoformat(facts[name]) for name in ("before", "due_at"))
                    if due > before:
                        yield self._passage(
                            Kind.PUT_OFF, event.at, **_by(event), team_id=team_id, text=facts["reason"][:300],
                            seconds=worktime.working_seconds_between(self.calendar, start=before, end=due),
                        )  # fmt: skip
                case "case.handed_over":
                    yield from self._handed_over(event, facts["team_id"], team_id)
                case "case.category_changed":
                    # Filing it elsewhere is a re-routing only when another team answers for it from then on.
                    routed = [held for held in self.told.held if held.from_at == event.at]
                    if routed:
                        yield from self._handed_over(event, routed[-1].team_id, team_id)
                case "case.solved":
                    yield self._passage(Kind.SOLVED, event.at, user_id=facts["solver_id"], team_id=team_id)
                case "case.reopened":
                    yield self._passage(
                        Kind.REOPENED, event.at, user_id=facts["solver_id"], team_id=team_id,
                        text=facts["reason"][:300],
                    )  # fmt: skip

    def _handed_over(self, event: Happening, to: int | None, giver: int | None) -> Iterator[Passage]:
        yield self._passage(Kind.HANDED_OVER, event.at, **_by(event), team_id=to)
        had = {held.team_id for held in self.told.held if held.from_at < event.at}
        if to != giver and to in had:
            yield self._passage(Kind.CAME_BACK, event.at, **_by(event), team_id=giver)

    def _waited(self) -> Iterator[Passage]:
        for wait in self.waits:
            holder, end = self._holder(wait.from_at), wait.until_at or self.at
            common = _by(wait.began) | {
                "team_id": holder.team_id if holder else None,
                "text": wait.began.facts["waiting_for"][:300],
            }
            yield self._passage(
                Kind.WAITED, wait.from_at, until_at=wait.until_at, **common,
                seconds=self._worked(wait.from_at, end),
            )  # fmt: skip
            if wait.asked_at != wait.from_at:
                yield self._passage(
                    Kind.EMPTY_WAIT, wait.from_at, until_at=wait.asked_at or wait.until_at, **common,
                    seconds=self._worked(wait.from_at, wait.asked_at or end),
                )  # fmt: skip

    def _silences(self) -> Iterator[Passage]:
        for number, (begun, ended) in enumerate(self.open):
            ours = [word.at for word in self.words if word.is_ours and begun < word.at < ended]
            points = [begun, *ours, ended]
            for start, end in pairwise(points):
                seconds = self._worked(start, end, less=self.asked)
                if seconds >= SILENCE_SECONDS:
                    goes_on = self.is_open and number == len(self.open) - 1 and end == ended
                    holder = self._holder(end)
                    yield self._passage(
                        Kind.SILENCE, start, until_at=None if goes_on else end, seconds=seconds,
                        user_id=holder.user_id if holder else None, team_id=holder.team_id if holder else None,
                    )  # fmt: skip

    def _stays(self) -> Iterator[Passage]:
        for stay in _joined(self.told.held, lambda held: held.team_id):
            if stay[0].team_id is None:
                continue
            start, end = stay[0].from_at, stay[-1].until_at or self.at
            seconds = self._worked(start, end)
            goes_on = self.is_open and stay[-1].until_at is None
            yield self._passage(
                Kind.STAY, start, until_at=None if goes_on else min(end, max(start, self.open[-1][1])),
                team_id=stay[0].team_id, user_id=stay[-1].user_id, seconds=seconds,
                waiting_seconds=seconds - self._worked(start, end, less=self.waiting),
                untaken_seconds=self._worked(start, min(end, self._taken_at(stay) or end)),
            )  # fmt: skip

    def _taken_at(self, stay: list[Held]) -> datetime | None:
        """When somebody of the department took it. Taking it by answering leaves no stretch of its own, so the
        act is asked first."""
        start, end = stay[0].from_at, stay[-1].until_at or self.at
        acts = [
            e.at
            for e in self.told.events
            if e.kind in TAKES and start <= e.at <= end and e.facts.get("owner", True)
        ]
        held = [one.from_at for one in stay if one.user_id is not None and (one.from_at > start or not acts)]
        return min([*acts, *held], default=None)

    def _carried(self) -> Iterator[Passage]:
        for stretch in _joined(self.told.held, lambda held: held.user_id):
            if stretch[0].user_id is None:
                continue
            start, end = stretch[0].from_at, stretch[-1].until_at
            goes_on = self.is_open and end is None
            yield self._passage(
                Kind.CARRIED, start, user_id=stretch[0].user_id, team_id=stretch[0].team_id,
                until_at=None if goes_on else min(end or self.at, max(start, self.open[-1][1])),
                seconds=self._worked(start, end or self.at, less=self.asked),
            )  # fmt: skip

    def _clarified(self) -> Iterator[Passage]:
        solved = next((event.at for event in self.told.events if event.kind == "case.solved"), None)
        before = [word for word in self.words if solved is None or word.at < solved]
        for ours, theirs in pairwise(before):
            if ours.is_ours and not theirs.is_ours:
                yield self._passage(Kind.CLARIFIED, theirs.at, user_id=ours.user_id)


def _spans(stretches: Iterable[Stretch]) -> list[Span]:
    """Those that took any time."""
    return [Span(start, end) for start, end in stretches if end > start]


def _by(event: Happening) -> dict[str, object]:
    """Who did it, and on whose instruction; what was done before anybody could say so counts as one's own."""
    return {
        "user_id": event.actor_id if event.actor_kind == "staff" else None,
        "source": event.facts.get("source", "self"),
    }


def _calls(events: Iterable[Happening]) -> Iterator[Word]:
    """Calls in which the customer was reached are words, too."""
    for event in events:
        if event.kind == "case.called" and event.facts.get("was_reached"):
            yield Word(event.at, is_ours=True, user_id=event.actor_id)


def _joined(held: Iterable[Held], key: Callable[[Held], int | None]) -> Iterator[list[Held]]:
    """Stretches of the same holder that follow each other, as one."""
    group: list[Held] = []
    for one in held:
        if group and key(group[-1]) != key(one):
            yield group
            group = []
        group.append(one)
    if group:
        yield group
