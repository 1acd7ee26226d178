"""What the desk does when something happened: letters to the customer, threading of mail, the order of the queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from tightrope.calendars.duty import on_duty
from tightrope.cases import actions, detection, intake, letters, queries
from tightrope.cases.models import ENDS, Call, Case
from tightrope.channels import queries as channels
from tightrope.core.actor import SYSTEM
from tightrope.core.idempotency import once
from tightrope.notices.actions import notify
from tightrope.people.models import User
from tightrope.promises import queries as promises
from tightrope.timeline.queries import Happening


def _letter_once(event: Happening, occasion: str, **facts: object) -> None:
    """One letter per event, also when the job runs twice."""
    case = Case.objects.with_people().get(pk=event.subject_id)
    once(
        "cases.letter",
        f"{event.id}:{occasion}",
        lambda: {"sent": letters.send(case, occasion, at=event.at, **facts)},
        at=event.at,
    )


def acknowledge(event: Happening) -> None:
    """Tell the customer that we have it, and by when he hears from us."""
    if event.facts["is_answerable"]:
        _letter_once(event, "received")


def tell_reminded(event: Happening) -> None:
    """Ask the customer once more for what we wait for."""
    _letter_once(event, "reminder", closes_at=datetime.fromisoformat(event.facts["closes_on"]))


def _tell_end(event: Happening, occasion: str, **facts: object) -> None:
    """Tell the customer how his case ended, and keep that he was told; once per event, also when the job runs
    twice. A case that goes on meanwhile has not ended."""

    def told() -> dict[str, object]:
        case = Case.objects.with_people().get(pk=event.subject_id)
        if case.status not in ENDS or case.end_told:
            return {"sent": False}
        sent = letters.send(case, occasion, at=event.at, **facts)
        how = Case.EndTold.LETTER if sent else Case.EndTold.NOBODY
        Case.objects.filter(pk=case.pk).update(end_told=how)
        return {"sent": sent}

    once("cases.letter", f"{event.id}:{occasion}", told, at=event.at)


def tell_closed(event: Happening) -> None:
    """Tell the customer that the case is closed, and how to wake it up; not who has just said so himself."""
    _tell_end(event, "closed", reason=event.facts["reason"])


def tell_merged(event: Happening) -> None:
    """Tell the customer under which number his request goes on. The event stands on the lines of both cases."""
    if Case.objects.filter(pk=event.subject_id, number=event.facts["number"]).exists():
        _tell_end(event, "merged", into=event.facts["into"])


def tell_rejected(event: Happening) -> None:
    """Tell the customer why we do not take it up. Spam is not answered: it would be told that somebody reads it."""
    if event.facts["outcome"] != Case.Outcome.SPAM:
        _tell_end(event, "rejected", outcome=event.facts["outcome"])


def tell_complaint(event: Happening) -> None:
    """Acknowledge that we take it as a complaint, and say by when he hears from us."""
    case = Case.objects.get(pk=event.subject_id)
    if case.type == Case.Type.COMPLAINT and not case.is_finished:
        _once_for_case(event, "complaint", case)


def _once_for_case(event: Happening, occasion: str, case: Case) -> None:
    """One letter per case and occasion, however often it is said again."""
    once(
        "cases.letter",
        f"case:{case.pk}:{occasion}:{case.reopenings}",
        lambda: {"sent": letters.send(Case.objects.with_people().get(pk=case.pk), occasion, at=event.at)},
        at=event.at,
    )


def tell_not_reached(event: Happening) -> None:
    """All tries to call were in vain: the customer is asked when he can be reached."""
    _letter_once(event, "not_reached", is_return=event.facts["purpose"] == Call.Purpose.RETURN)


def tell_report_missed(event: Happening) -> None:
    """The customer was to hear from us and has not: who leads is told. Who spoke meanwhile has answered it."""
    case = Case.objects.get(pk=event.subject_id)
    if not case.is_finished and case.update_alarms >= event.facts["times"]:
        said = gettext_lazy("%(number)s: a promised word is %(minutes)s working minutes late: %(title)s")
        _tell_above(event, case, said)


def look_for_complaint(event: Happening) -> None:
    """A customer said something: does it sound like a complaint?"""
    detection.look_at_words(event)


def tell_promise_replaced(event: Happening) -> None:
    """A promise to the customer was changed: he is told the new time and why."""
    if event.subject_type == "case" and event.is_public:
        _letter_once(
            event,
            "promise_replaced",
            due_at=datetime.fromisoformat(event.facts["due_at"]),
            reason=event.facts["reason"],
            stands_still=promises.stands_still(event.facts["promise_id"]),
        )


def alarm_duty(event: Happening) -> None:
    """A case is new: whoever is on duty for its team is alarmed, once, also when the job runs twice."""

    def alarmed() -> dict[str, object]:
        case = Case.objects.get(pk=event.subject_id)
        return {"alarmed": actions.alarm_duty(case, at=event.at) is not None}

    once("cases.alarm_duty", str(event.id), alarmed, at=event.at)


def tell_duty(event: Happening) -> None:
    """Whoever is on duty is told of the new case, also in quiet hours; who took it meanwhile has answered."""
    case = Case.objects.get(pk=event.subject_id)
    if case.status == Case.Status.RECEIVED and case.owner_id is None:
        said = gettext_lazy("You are on duty, and a case is new: %(number)s %(title)s")
        people = User.objects.filter(pk=event.facts["user_id"])
        _tell(people, event, case, said, is_urgent=True)


def tell_untriaged(event: Happening) -> None:
    """Nobody looks at a case: who leads the team is told, and who stands in for whoever is on duty. Who took it
    meanwhile has answered the alarm."""
    case = Case.objects.get(pk=event.subject_id)
    if case.is_overlooked:
        said = gettext_lazy("Nobody has looked at %(number)s for %(minutes)s working minutes: %(title)s")
        on = on_duty(case.team_id, at=event.at) if case.team_id else None
        _tell_above(event, case, said, also=[on.second] if on and on.second else [])


def _tell_above(event: Happening, case: Case, said: Any, *, also: Sequence[User] = ()) -> None:
    """Tell who leads, and from the second time on the managers, each in his language."""
    above = queries.people_above(event.facts["team_id"], times=event.facts["times"])
    _tell([*above, *(one for one in also if one not in above)], event, case, said, is_urgent=False)


def _tell(people: Iterable[User], event: Happening, case: Case, said: Any, *, is_urgent: bool) -> None:
    def title(language: str) -> str:
        with translation.override(language):
            facts = {"number": case.number, "title": case.title, "minutes": event.facts.get("minutes")}
            return str(said) % facts

    notify(
        people,
        kind=event.kind,
        title=title,
        url=reverse("cases:case", args=[case.public_id]),
        facts={"subject": f"case:{case.pk}", "times": event.facts.get("times", 1)},
        by=SYSTEM,
        at=event.at,
        is_urgent=is_urgent,
    )


def take_in_mail(event: Happening) -> None:
    """A mail was read: it joins its case, or opens one."""
    message = channels.message(event.subject_id, at=datetime.fromisoformat(event.facts["at"]))
    intake.take_in(message, event.facts, at=event.at)


def take_in_unreadable(event: Happening) -> None:
    """A mail could not be read: a person gets a case with the raw file, never silence."""
    intake.take_in_unreadable(event, at=event.at)


def note_bounce(event: Happening) -> None:
    """A letter of ours did not arrive: the desk is told on the case."""
    intake.note_bounce(event, at=event.at)
