"""What happens to opinions when something happened elsewhere. Each may run twice."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tightrope.cases import detection
from tightrope.cases.models import Case, ComplaintSign, Rules
from tightrope.core.actor import SYSTEM
from tightrope.notices.actions import notify
from tightrope.surveys import actions
from tightrope.surveys.models import FollowUp, Survey
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


def look_for_complaint(event: Happening) -> None:
    """A score so low that the company looks at it as a complaint: the desk judges."""
    lowest = Rules.in_force().low_score
    survey = Survey.objects.select_related("case").get(pk=event.facts["survey_id"])
    if survey.kind == Survey.Kind.CSAT and survey.score is not None and survey.score <= lowest:
        ground = ComplaintSign.Ground.SCORE
        detection.suspect(survey.case, ground, str(survey.score), survey.comment, at=event.at)


def tell_caller(event: Happening) -> None:
    """Whoever is to call learns of it at once."""
    call = FollowUp.objects.select_related("owner", "contact", "survey", "case").get(
        pk=event.facts["follow_up_id"]
    )
    if call.owner is None or not call.is_open:
        return

    def title(_language: str) -> str:
        return _("%(name)s gave the score %(score)s: please call back") % {
            "name": call.contact.name if call.contact else call.case.number,
            "score": call.survey.score,
        }

    url = reverse("surveys:call", args=[call.public_id])
    notify([call.owner], kind="survey.follow_up", title=title, url=url, by=SYSTEM, at=event.at)
