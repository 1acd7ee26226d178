"""What a customer sees of his cases: where each stands, what is promised, who is waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tightrope.cases import queries as cases
from tightrope.cases.models import Case, Category, Rules, in_words_of_reader
from tightrope.channels.models import Message
from tightrope.core.actor import Actor
from tightrope.core.paging import Page, page_by_key
from tightrope.fields import queries as fields
from tightrope.fields.models import Definition
from tightrope.files import queries as files
from tightrope.files.models import Attachment
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.ui.format import margin

PAGE_SIZE = 20
COUNTED_DOWN = timedelta(hours=24)
"""What is due sooner than this counts down beside its instant."""
S = Case.Status
OPEN = (S.RECEIVED, S.ACCEPTED, S.WAITING, S.REOPENED, S.SOLVED)


@dataclass(frozen=True)
class Step:
    """One light of the way. Without a `light` it is still to come."""

    word: str
    light: str = ""
    current: bool = False


@dataclass(frozen=True)
class Word:
    """One turn of the conversation as the customer reads it."""

    body: str
    at: datetime
    author: str
    mine: bool
    verdict: str = ""
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Promised:
    """The promise that stands largest on the page."""

    due_at: datetime
    sentence: str
    is_late: bool
    is_paused: bool
    is_near: bool
    run: int


@dataclass(frozen=True)
class Standing:
    """Where one case stands, told to its customer."""

    case: Case
    light: str
    next_step: str
    promised: Promised | None
    by_whom: str


def my_cases(*, by: Actor, view: str, after: str | None = None) -> Page[Case]:
    """One page of the cases this customer may see, newest first; `open` ones or `all`."""
    rows = Case.objects.visible_to(by).with_people()
    if view != "all":
        rows = rows.filter(status__in=OPEN)
    return page_by_key(rows, order=("-told_at", "-pk"), after=after, size=PAGE_SIZE)


def standings_of(found: Iterable[Case], *, at: datetime) -> list[Standing]:
    """Where these cases stand; two statements however many there are."""
    found = list(found)
    owed = running_promises([case.pk for case in found])
    return [standing_of(case, owed.get(case.pk, []), at=at) for case in found]


def running_promises(case_ids: Iterable[int]) -> dict[int, list[Promise]]:
    """What is still owed to the customer about these cases, the next due first."""
    rows = Promise.objects.filter(
        subject_type="case", subject_id__in=list(case_ids), kind=PromiseKind.CUSTOMER
    )
    owed: dict[int, list[Promise]] = defaultdict(list)
    for promise in rows.running().order_by("due_at", "pk"):
        owed[promise.subject_id].append(promise)
    return owed


def standing_of(case: Case, owed: list[Promise], *, at: datetime) -> Standing:
    """Where a case stands, by its status and what is owed about it."""
    promised = _promised(owed, at)
    light = case.light(at)
    if promised is not None and promised.is_late and case.status != S.WAITING and not case.is_finished:
        light = "late"
    return Standing(
        case=case, light=light, next_step=_next_step(case), promised=promised, by_whom=who_answers(case)
    )


def _promised(owed: list[Promise], at: datetime) -> Promised | None:
    if not owed:
        return None
    promise = owed[0]
    span = (promise.due_at - promise.starts_at).total_seconds()
    run = 100 * (at - promise.starts_at).total_seconds() / span if span > 0 else 100
    return Promised(
        due_at=promise.due_at,
        sentence=_sentence(promise),
        is_late=promise.due_at < at and not promise.is_paused,
        is_paused=promise.is_paused,
        is_near=promise.due_at - at < COUNTED_DOWN,
        run=max(0, min(100, round(run))),
    )


def _sentence(promise: Promise) -> str:
    match promise.what:
        case What.FIRST_RESPONSE | What.NEXT_RESPONSE:
            return _("We promise you an answer")
        case What.RESOLUTION:
            return _("We promise you a solution")
        case What.ARRIVAL:
            return _("We promise to be there")
        case What.UPDATE:
            return _("We promise to tell you how it stands")
        case What.FOLLOW_UP | What.RETURN_CALL:
            return _("We promise to call you")
    return promise.text or _("We promised you this")


def who_answers(case: Case) -> str:
    """Who answers for the case towards the customer: a person, else a team, else nobody yet."""
    if case.owner is not None:
        return case.owner.name
    return case.team.name if case.team is not None else ""


def _next_step(case: Case) -> str:
    match case.status:
        case S.RECEIVED:
            return _("We are reading your report and say who looks after it.")
        case S.ACCEPTED if case.answered_at is None:
            return _("%(who)s answers you next.") % {"who": who_answers(case) or _("Our service")}
        case S.ACCEPTED:
            return _("%(who)s is working on it.") % {"who": who_answers(case) or _("Our service")}
        case S.WAITING:
            return _("We wait for you: %(what)s") % {"what": case.waiting_for}
        case S.SOLVED if case.is_confirmed and case.call_due_at is not None:
            return _("Thank you for telling us. We call you once more, then it is closed.")
        case S.SOLVED:
            return _("We believe it is solved. Please tell us whether it is.")
        case S.CLOSED:
            return _("This is done.")
        case S.REOPENED:
            return _("You told us that it is not solved. We are on it again.")
        case S.MERGED if case.merged_into is not None:
            return _("This goes on under %(number)s.") % {"number": case.merged_into.number}
    return _("This has ended.")


def steps_of(standing: Standing) -> list[Step]:
    """The four lights, with amber or red where the case is now."""
    case, light = standing.case, standing.light
    words = [_("Received"), _("Accepted"), _("In work"), _("Solved")]
    place = _place(case)
    own = {"waiting": _("Waiting for you"), "late": _("Late"), "reopened": _("Reopened")}
    steps = []
    for index, word in enumerate(words):
        if index > place:
            steps.append(Step(word))
        elif index < place:
            steps.append(Step(word, "received" if index == 0 else "accepted"))
        else:
            now = light if light in own else ("received", "accepted", "accepted", "solved")[index]
            steps.append(Step(own.get(light, word), now, current=True))
    return steps


def _place(case: Case) -> int:
    if case.status in {S.SOLVED, S.CLOSED}:
        return 3
    if case.status in {S.WAITING, S.REOPENED}:
        return 2
    if case.status == S.ACCEPTED:
        return 2 if case.answered_at else 1
    return 0


def conversation_of(case: Case, *, by: Actor) -> list[Word]:
    """What was said, oldest first. Letters the system wrote only repeat what the page shows; they are left out."""
    turns = [turn.message for turn in cases.conversation_of(case, by=by) if turn.message is not None]
    turns = [turn for turn in turns if not (turn.is_automatic and turn.direction == "out")]
    attached = files.attachments_of("message", [turn.pk for turn in turns])
    early = _answers_to_promises(case)
    return [_word(turn, attached.get(turn.pk, []), early) for turn in turns]


def _word(message: Message, attached: list[Attachment], early: dict[datetime, str]) -> Word:
    mine = message.direction == "in"
    return Word(
        body=message.text.strip(),
        at=message.at,
        author=message.signed_by,
        mine=mine,
        verdict="" if mine else early.get(message.at, ""),
        files=[attachment for attachment in attached if attachment.is_public],
    )


def _answers_to_promises(case: Case) -> dict[datetime, str]:
    """How early or late each answer was, by its instant: "38 minutes early"."""
    kept = Promise.objects.filter(
        subject_type="case", subject_id=case.pk, kind=PromiseKind.CUSTOMER, kept_at__isnull=False
    )
    answers = kept.filter(what__in=[What.FIRST_RESPONSE, What.NEXT_RESPONSE])
    return {
        kept_at: margin(timedelta(seconds=seconds))
        for kept_at, seconds in answers.values_list("kept_at", "margin_seconds")
    }


def solved_verdict(case: Case) -> str:
    """How the promise of a solution ended, as the customer may read it; empty when there was none."""
    promise = (
        Promise.objects.filter(
            subject_type="case", subject_id=case.pk, kind=PromiseKind.CUSTOMER,
            what=What.RESOLUTION, kept_at__isnull=False,
        ).order_by("-kept_at", "-pk").first()
    )  # fmt: skip
    if promise is None or promise.margin_seconds is None:
        return ""
    return margin(timedelta(seconds=promise.margin_seconds))


def may_reopen(case: Case, *, at: datetime) -> bool:
    """Whether "not solved" still leads to the same number; later a new case follows it."""
    if case.status == S.SOLVED:
        return True
    within = timedelta(days=Rules.in_force().reopen_within_days)
    return case.status == S.CLOSED and case.closed_at is not None and at - case.closed_at <= within


@dataclass(frozen=True)
class Choice:
    """A category as a card, with those below it."""

    category: Category
    help: str
    below: list[Category]


def choices() -> list[Choice]:
    """The open categories of the portal, each top one with what lies below it."""
    rows = list(Category.objects.filter(is_open=True, on_portal=True))
    below: dict[int | None, list[Category]] = defaultdict(list)
    shown = {row.pk for row in rows}
    for row in rows:
        below[row.parent_id if row.parent_id in shown else None].append(row)
    return [
        Choice(category=row, help=in_words_of_reader(row.help or {}), below=below.get(row.pk, []))
        for row in below[None]
    ]


def category_with(code: str) -> Category | None:
    """The open category of the portal with this code."""
    return Category.objects.filter(code=code, is_open=True, on_portal=True).select_related("parent").first()


def form_of_category(category: Category | None) -> Definition | None:
    """What this kind of problem asks besides: its own form, else that of the kind above it."""
    while category is not None:
        if category.form_key:
            return fields.current(category.form_key)
        category = category.parent
    return None


def answered(case: Case, language: str) -> list[tuple[str, str]]:
    """What was filled in, in the words of the form as it was then."""
    category = case.category
    while category is not None and not category.form_key:
        category = category.parent
    if category is None or not case.answers:
        return []
    definition = fields.version_of(category.form_key, case.form_version)
    return fields.describe(definition, case.answers, language) if definition else []
