"""What happens to opinions when something happened elsewhere. Each may run twice."""

from __future__ import annotations

from tightrope.cases.models import Case
from tightrope.core.actor import SYSTEM
from tightrope.surveys import actions
from tightrope.surveys.models import Survey
from tightrope.timeline.queries import Happening


def ask_in_portal(event: Happening) -> None:
    """The customer was told that it is solved: the page he is led to asks how we did."""
    actions.ask_in_portal(Case.objects.get(pk=event.subject_id), by=SYSTEM, at=event.at)


def ask_by_mail(event: Happening) -> None:
    """It is closed: whoever has not answered on the page may be asked by mail."""
    case = Case.objects.get(pk=event.subject_id)
    actions.ask_by_mail(case, reason=event.facts["reason"], by=SYSTEM, at=event.at)


def follow_up(event: Happening) -> None:
    """A low score: somebody calls, and the customer is promised when."""
    if event.facts["is_low"]:
        survey = Survey.objects.get(pk=event.facts["survey_id"])
        actions.open_follow_up(survey, by=SYSTEM, at=event.at)
