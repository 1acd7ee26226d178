"""Two years of cases, one after the other lived through from the first word to the rating.

Each story is one transaction in simulated time: every step is the action a person would have called, the
reactions run at once, and story number n is the same for the same seed. Stories are independent, so several
workers live them at the same time, and one that was interrupted is lived again from its beginning.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases import actions
from tightrope.cases.models import Case, Category
from tightrope.channels import actions as channels
from tightrope.config.demo import company, rating
from tightrope.config.demo.customers import Customer, all_customers
from tightrope.config.demo.stories import CAUSES, CODES, MODELS, PLACES, STORIES, THANKS, WHENS, Story
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM, Actor
from tightrope.core.idempotency import once
from tightrope.customers.models import Contact
from tightrope.customers.queries import actor_of_contact
from tightrope.people.models import Team
from tightrope.promises import actions as promises

ACCOUNTS = 300
DAYS = 730
TRIES = (
    ("reached",),
    ("no_answer", "reached"),
    ("busy", "no_answer", "reached"),
    ("no_answer", "busy", "no_answer", "no_answer"),
)
CALLED = {
    "reached": "客户确认已恢复，接受我们的说明。",
    "no_answer": "无人接听。",
    "busy": "占线。",
}
CHANNELS = (("web", 42), ("mail", 30), ("phone", 20), ("sales", 5), ("form", 3))


@dataclass(frozen=True)
class Told:
    """A story as one customer told it."""

    story: Story
    customer: Customer
    told_at: datetime
    channel: str
    title: str
    text: str


def live(number: int, of: int, *, at: datetime) -> None:
    """Live through story `number` of `of`, ending before `at`. Doing it twice changes nothing."""
    once("demo.story", str(number), lambda: _lived(number, of, at), at=at)


def told(r: random.Random, story: Story, customer: Customer, told_at: datetime) -> Told:
    """How this customer tells this story, in his language."""
    language = customer.language
    words = {
        "place": r.choice(PLACES[language]),
        "when": r.choice(WHENS[language]),
        "model": r.choice(MODELS),
        "code": r.choice(CODES),
        "count": r.randint(2, 40),
    }
    channel = r.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0]
    place = "" if language == "en" else words["place"]
    return Told(
        story,
        customer,
        told_at,
        channel,
        f"{place}{story.title[language]}",
        story.text[language].format(**words),
    )


def opened(t: Told, *, at: datetime) -> Case:
    """The case of a told story, opened by whoever was told."""
    contact = company.contact_of(t.customer, at=at)
    by: Actor = actor_of_contact(contact)
    if t.channel in {"phone", "sales"}:
        by = company.actor_of("he.yong" if t.channel == "sales" else "zhou.min")
    channel = "web" if t.channel == "mail" else t.channel
    return actions.open_case(
        title=t.title,
        text=t.text,
        channel=channel,
        account=contact.account,
        contact=contact,
        category=Category.objects.filter(code=t.story.category).first(),
        case_type=t.story.case_type,
        impact=t.story.impact,
        urgency=t.story.urgency,
        told_at=t.told_at,
        by=by,
        at=at,
    )


class Way:
    """The way of one case through its steps, with the clock moving in working time."""

    def __init__(self, r: random.Random, case: Case, t: Told, *, until: datetime) -> None:
        self.r, self.case, self.t, self.until = r, case, t, until
        self.now = t.told_at
        self.calendar = worktime_of(None)
        self.agent = company.actor_of(r.choice([*company.logins_of("service"), "zhou.min", "zhou.min"]))
        contact: Contact = case.contact  # type: ignore[assignment]
        self.customer = actor_of_contact(contact)
        self.language = t.customer.language

    def on(self, hours: float) -> datetime:
        """Let so much working time pass; the clocks of the case speak meanwhile."""
        self.now = worktime.add_working(self.calendar, start=self.now, seconds=hours * 3600) + timedelta(
            seconds=self.r.randint(1, 59)
        )
        promises.look_at_due(at=self.now)
        return self.now

    def spread(self, median: float, sigma: float = 0.6) -> float:
        """A duration in hours as durations are: mostly near the median, sometimes much longer."""
        return median * math.exp(self.r.gauss(0, sigma))

    def accept(self) -> None:
        self.case = actions.accept_case(self.case, by=self.agent, at=self.on(self.spread(0.4, 0.7)))

    def answer(self, text: str) -> None:
        actions.send_reply(self.case, text=text, by=self.agent, at=self.on(self.spread(0.15)))

    def ask_and_hear(self) -> None:
        ask = self.t.story.ask[self.language]
        self.case = actions.wait_for_customer(self.case, waiting_for=ask, by=self.agent, at=self.on(0.1))
        self.on(self.spread(4.0, 0.8))
        self.case = self.hear(self.language)

    def hear(self, language: str, words: dict[str, tuple[str, ...]] = THANKS) -> Case:
        """The customer says something."""
        text = self.r.choice(words[language])
        message = channels.post_message(
            self.case.conversation,
            text=text,
            author=self.customer,
            direction="in",
            channel="web",
            at=self.now,
        )
        return actions.hear_from_customer(self.case, message=message, by=self.customer, at=self.now)

    def hand_over(self) -> None:
        reason = self.r.choice(("需要读取主板日志", "同一故障第二次出现", "涉及变频参数"))
        actions.hand_over_case(self.case, team=experts(), reason=reason, by=self.agent, at=self.on(0.3))
        self.agent = company.actor_of(self.r.choice([*company.logins_of("expert"), "xu.jing"]))
        self.case = actions.take_over(self.case, by=self.agent, at=self.on(self.spread(0.7)))

    def note(self) -> None:
        text = self.r.choice(
            (
                "已电话确认现场安全。",
                "同批次近期有类似反馈。",
                "客户希望上午联系。",
                "已查历史记录，去年更换过水泵。",
            )
        )
        actions.add_note(self.case, text=text, by=self.agent, at=self.on(0.05))

    def solve(self) -> None:
        if self.case.type == Case.Type.COMPLAINT:
            cause, prevention = self.r.choice(CAUSES)
            actions.record_cause(self.case, cause=cause, prevention=prevention, by=self.agent, at=self.now)
        solution = self.r.choices(("answer", "phone", "remote"), (50, 30, 20))[0]
        hours = self.spread(self.t.story.hours, 0.55)
        self.case = actions.solve_case(self.case, solution=solution, by=self.agent, at=self.on(hours))

    def reopen(self) -> None:
        reason = {"zh-hans": "还是老样子，没有好。", "zh-hant": "還是一樣，沒有好。", "en": "Still the same."}
        self.case = actions.reopen_case(
            self.case, reason=reason[self.language], by=self.customer, at=self.on(3)
        )
        self.accept()
        self.solve()

    def call_back(self) -> None:
        """Ask who complained whether it is solved; now and then nobody answers, once in a while never."""
        r = random.Random(f"call-{self.t.told_at.isoformat()}")  # noqa: S311 - a simulation, not a secret
        self.on(r.uniform(0.5, 5))
        for outcome in r.choices(TRIES, (55, 22, 15, 8))[0]:
            self.call(outcome, CALLED[outcome])

    def call(self, outcome: str, text: str) -> None:
        """One try, shortly before it is due."""
        due_at = self.case.call_due_at or self.now
        self.now = max(self.now + timedelta(minutes=1), due_at - timedelta(minutes=7))
        self.case = actions.log_call(self.case, outcome=outcome, text=text, by=self.agent, at=self.on(0.01))

    def end(self) -> None:
        if self.case.return_call == Case.ReturnCall.OWED:
            self.call_back()
        if self.r.random() < 0.62:
            self.case = actions.confirm_case(self.case, by=self.customer, at=self.on(self.spread(2.0, 0.9)))
        else:
            self.now += timedelta(days=5, hours=1)
            self.case = actions.close_silent_case(self.case, by=SYSTEM, at=self.now)


def experts() -> Team:
    """The second line."""
    return Team.objects.get(code="experts")


def _lived(number: int, of: int, at: datetime) -> dict[str, Any]:
    r = random.Random(f"{company.SEED}-{number}")  # noqa: S311 - a simulation, not a secret
    customers = all_customers(ACCOUNTS, company.SEED)
    # The base grows: three in five stories lie in the second year.
    back = DAYS * (1 - ((number + r.random()) / of) ** 0.8)
    day = (at - timedelta(days=max(back, 21))).replace(hour=0, minute=0, second=0, microsecond=0)
    told_at = day + timedelta(hours=r.triangular(0, 14, 3), minutes=r.randint(0, 59))
    fitting = [story for story in STORIES if told_at.month in story.months]
    weights = [
        3 if story.category.startswith("ac") else 2 if story.category.startswith("lift") else 1
        for story in fitting
    ]
    customer = customers[number % len(customers)] if number < len(customers) else r.choice(customers)
    t = told(r, r.choices(fitting, weights)[0], customer, told_at)
    newest = newest_job()
    with clock.standing_at(told_at):
        case = opened(
            t,
            at=told_at + timedelta(minutes=r.choice((0, 0, 0, 25)) if t.channel in {"phone", "sales"} else 0),
        )
        way = Way(r, case, t, until=at)
        way.now = max(way.now, case.received_at)
        _walk(way)
    with clock.standing_at(way.now), transaction.atomic():
        rating.rate(way)
        react(newest)
        rating.call_back(way)
    return {"case": case.pk}


def _walk(way: Way) -> None:
    r = way.r
    way.accept()
    way.answer(way.t.story.answer[way.language])
    if r.random() < 0.3:
        way.note()
    if r.random() < 0.22:
        way.ask_and_hear()
    if r.random() < 0.12 and way.case.type != Case.Type.COMPLAINT:
        way.hand_over()
    way.solve()
    if r.random() < 0.06:
        way.reopen()
    way.end()


def newest_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def react(newer_than: int) -> None:
    """Let everybody react who would have reacted then, inside of the story's own transaction, and what is held back
    leave: no answer of the past can be taken back any more."""
    jobs.run_due(only=["timeline.react"], newer_than=newer_than)
    with clock.standing_at(clock.now() + actions.HOLD):
        jobs.run_due(only=["timeline.react", "channels.let_go", "cases.tell_solved"], newer_than=newer_than)
