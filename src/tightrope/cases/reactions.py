"""What the desk does when something happened: letters to the customer, threading of mail, the order of the queue."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tightrope.cases import intake, letters, queries
from tightrope.cases.models import Case
from tightrope.channels import queries as channels
from tightrope.core.actor import SYSTEM
from tightrope.core.idempotency import once
from tightrope.notices.actions import notify
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


def tell_solved(event: Happening) -> None:
    """Tell the customer that it is solved, and how to say that it is not."""
    _letter_once(event, "solved")


def tell_reminded(event: Happening) -> None:
    """Ask the customer once more for what we wait for."""
    _letter_once(event, "reminder", closes_at=datetime.fromisoformat(event.facts["closes_on"]))


def tell_closed(event: Happening) -> None:
    """Tell the customer that silence closed the case, and how to wake it up."""
    if event.facts["reason"] != "confirmed":
        _letter_once(event, "closed", was_waiting=event.facts["reason"] == "silent while waiting")


def tell_promise_replaced(event: Happening) -> None:
    """A promise to the customer was changed: he is told the new time and why."""
    if event.subject_type == "case" and event.is_public:
        _letter_once(
            event,
            "promise_replaced",
            due_at=datetime.fromisoformat(event.facts["due_at"]),
            reason=event.facts["reason"],
        )


def tell_untriaged(event: Happening) -> None:
    """Nobody looks at a case: who leads the team is told. Who took it meanwhile has answered the alarm."""
    case = Case.objects.get(pk=event.subject_id)
    if not case.is_overlooked:
        return

    def title(language: str) -> str:
        with translation.override(language):
            facts = {"number": case.number, "title": case.title, "minutes": event.facts["minutes"]}
            return _("Nobody has looked at %(number)s for %(minutes)s working minutes: %(title)s") % facts

    notify(
        queries.people_above(event.facts["team_id"], times=event.facts["times"]),
        kind="case.untriaged",
        title=title,
        url=reverse("cases:case", args=[case.public_id]),
        facts={"case_id": case.pk, "times": event.facts["times"]},
        by=SYSTEM,
        at=event.at,
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
