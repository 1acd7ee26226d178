"""What lies on the desk this morning: a case in every light, with the standing cast in the leading parts."""

from __future__ import annotations

import random
import zoneinfo
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db import transaction

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.config.demo import company, history
from tightrope.config.demo.customers import CAST, Customer, all_customers
from tightrope.config.demo.stories import ANGRY, CAUSES, STORIES, TRAPPED, Story
from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, What

BY_CODE = {story.category: story for story in STORIES}

PARTS: tuple[tuple[int, str, float, str], ...] = (
    (0, "ac-leak", 2.3, "answered"),
    (4, "lift-stop", 5.5, "late"),
    (5, "ac-noise", 3.0, "accepted"),
    (1, "ac-remote", 0.2, "received"),
    (6, "maintenance", 9.0, "waiting"),
    (2, "ac-cooling", 1.2, "answered"),
    (3, "lift-door", 4.0, "heard"),
    (0, "contract", 0.4, "received"),
    (2, "complaint", 2.0, "accepted"),
    (4, "lift-door", 12.0, "handed over"),
    (3, "ac-noise", 20.0, "solved"),
    (1, "ac-leak", 26.0, "reopened"),
    (5, "complaint", 90.0, "complaint closed"),
    (5, "complaint", 1.6, "accepted"),
    (4, "complaint", 14.0, "complaint solved"),
    (6, "complaint", 20.0, "called in vain"),
    (3, "lift-stop", 2.6, "angry"),
)
"""Who of the cast, with what, how many working hours ago, and how far it has come."""

FURTHER = 18
IN_THE_NIGHT = time(3, 12)


def install(*, at: datetime) -> None:
    """Open this morning's cases, each once."""
    customers = all_customers(60, company.SEED)
    for number, (who, code, hours, state) in enumerate(PARTS):
        _play(number, customers[who], BY_CODE[code], hours, state, at=at)
    r = random.Random(f"today-{company.SEED}")  # noqa: S311 - a simulation, not a secret
    states = ("received", "received", "accepted", "answered", "answered", "waiting", "heard", "solved")
    for number in range(FURTHER):
        customer = customers[len(CAST) + number]
        story, state = r.choice(STORIES), r.choice(states)
        if story.case_type == "complaint" and state == "solved":
            state = "answered"
        _play(len(PARTS) + number, customer, story, r.uniform(0.2, 9), state, at=at)

    once("demo.today", "night", lambda: {"case": _lived_in_the_night(customers[4], at).pk}, at=at)


def _lived_in_the_night(customer: Customer, at: datetime) -> Case:
    """Somebody was trapped last night and called: an answer within minutes, though no office was open."""
    r = random.Random(f"night-{company.SEED}")  # noqa: S311 - a simulation, not a secret
    zone = zoneinfo.ZoneInfo(customer.time_zone)
    told_at = datetime.combine(at.astimezone(zone).date(), IN_THE_NIGHT, zone)
    told_at -= timedelta(days=int(told_at + timedelta(hours=2) > at))
    newest = history.newest_job()
    with transaction.atomic(), clock.standing_at(told_at):
        t = replace(history.told(r, TRAPPED, customer, told_at), channel="phone")
        case = history.opened(t, at=told_at)
        history.react(newest)
        night = Night(r, case, t, until=at)
        night.solved()
        with clock.standing_at(night.now):
            history.react(newest)
        return night.case


def _play(number: int, customer, story: Story, hours: float, state: str, *, at: datetime) -> None:  # type: ignore[no-untyped-def]
    once(
        "demo.today",
        str(number),
        lambda: {"case": _played(number, customer, story, hours, state, at).pk},
        at=at,
    )


def _played(number: int, customer, story: Story, hours: float, state: str, at: datetime) -> Case:  # type: ignore[no-untyped-def]
    r = random.Random(f"today-{company.SEED}-{number}")  # noqa: S311 - a simulation, not a secret
    told_at = worktime.add_working(worktime_of(None), start=at, seconds=-hours * 3600)
    newest = history.newest_job()
    with transaction.atomic(), clock.standing_at(told_at):
        t = history.told(r, story, customer, told_at)
        case = history.opened(t, at=told_at)
        history.react(newest)
        way = Morning(r, case, t, until=at)
        getattr(way, state.replace(" ", "_"))()
        with clock.standing_at(way.now):
            history.react(newest)
        return way.case


class Morning(history.Way):
    """A way that is not yet at its end: each method walks as far as its name says."""

    def on(self, hours: float) -> datetime:
        """Let time pass, but never beyond this morning."""
        return_at = worktime.add_working(self.calendar, start=self.now, seconds=hours * 3600)
        self.now = min(return_at, self.until - timedelta(seconds=30))
        promises.look_at_due(at=self.now)
        return self.now

    def received(self) -> None:
        """Nobody has looked at it."""

    def accepted(self) -> None:
        self.case = actions.accept_case(self.case, by=self.agent, at=self.on(0.2))

    def late(self) -> None:
        self.accepted()

    def answered(self) -> None:
        self.accepted()
        self.answer(self.t.story.answer[self.language])
        self.note()

    def waiting(self) -> None:
        self.answered()
        ask = self.t.story.ask[self.language]
        self.case = actions.wait_for_customer(self.case, waiting_for=ask, by=self.agent, at=self.on(0.1))

    def heard(self) -> None:
        self.waiting()
        self.on(0.5)
        self.case = self.hear(self.language)

    def handed_over(self) -> None:
        self.answered()
        experts = history.experts()
        self.case = actions.hand_over_case(
            self.case, team=experts, reason="需要读取主板日志", by=self.agent, at=self.on(0.3)
        )

    def solved(self) -> None:
        self.answered()
        self.case = actions.solve_case(self.case, solution="phone", by=self.agent, at=self.on(1.5))

    def complaint_solved(self) -> None:
        """Solved; the return call is due today."""
        self.answered()
        cause, prevention = self.r.choice(CAUSES)
        actions.record_cause(self.case, cause=cause, prevention=prevention, by=self.agent, at=self.on(1))
        self.case = actions.solve_case(self.case, solution="phone", by=self.agent, at=self.on(5))

    def complaint_closed(self) -> None:
        """All of it, some days ago, so that the next one is one again."""
        self.complaint_solved()
        self.call("reached", history.CALLED["reached"])
        self.case = actions.confirm_case(self.case, by=self.customer, at=self.on(1))

    def called_in_vain(self) -> None:
        """Called back twice, and nobody answered; the next try is planned."""
        self.complaint_solved()
        for outcome in ("no_answer", "busy"):
            self.call(outcome, history.CALLED[outcome])

    def angry(self) -> None:
        """What he writes sounds like a complaint; nobody has judged it yet."""
        self.answered()
        self.on(0.5)
        self.case = self.hear(self.language, words=ANGRY)

    def reopened(self) -> None:
        self.solved()
        reason = {
            "zh-hans": "昨晚又开始滴水。",
            "zh-hant": "昨晚又開始滴水。",
            "en": "It drips again since last night.",
        }
        self.case = actions.reopen_case(
            self.case, reason=reason[self.language], by=self.customer, at=self.on(4)
        )


class Night(Morning):
    """The way of a case that runs by the clock of its promise, not by office hours."""

    def __init__(self, r: random.Random, case: Case, t: history.Told, *, until: datetime) -> None:
        super().__init__(r, case, t, until=until)
        self.agent = company.actor_of("chen.gang")
        first = Promise.objects.filter(subject_id=case.pk, what=What.FIRST_RESPONSE).first()
        self.calendar = worktime_of(first.calendar_id if first else None)

    def solved(self) -> None:
        self.case = actions.accept_case(self.case, by=self.agent, at=self.on(0.03))
        text = self.t.story.answer[self.language]
        actions.send_reply(self.case, text=text, by=self.agent, at=self.on(0.02))
        hours = self.t.story.hours
        self.case = actions.solve_case(self.case, solution="phone", by=self.agent, at=self.on(hours))
