"""Asking, answering, and following up a low score."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases.access import require_voice
from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.surveys import events
from tightrope.surveys.models import Survey


class NotRateable(ValueError):
    """A case is rated once it was said to be solved."""


class ScoreOutOfRange(ValueError):
    """The score is none of those that were offered."""


@transaction.atomic
def rate_case(
    case: Case, *, score: int, comment: str, by: Actor, at: datetime, channel: str = "web"
) -> Survey:
    """The customer says how we did, 1 to 5. Saying it again changes it.

    Raises NotRateable, ScoreOutOfRange, Denied.
    """
    case = Case.objects.lock(case.pk)
    require_voice(by, case)
    if case.status not in {Case.Status.SOLVED, Case.Status.CLOSED}:
        raise NotRateable(_("You can rate this once we have said that it is solved."))
    if not 1 <= score <= 5:
        raise ScoreOutOfRange(_("Choose one to five stars."))
    survey, _is_new = Survey.objects.get_or_create(
        case=case,
        contact_id=by.contact,
        kind=Survey.Kind.CSAT,
        defaults={
            "account_id": case.account_id,
            "channel": channel,
            "language": by.language,
            "asked_at": case.solved_at or at,
        },
    )
    return _answered(survey, score=score, comment=comment, by=by, at=at)


def _answered(survey: Survey, *, score: int, comment: str, by: Actor, at: datetime) -> Survey:
    if survey.score == score and survey.comment == comment.strip():
        return survey
    survey.score, survey.comment, survey.answered_at = score, comment.strip(), at
    survey.save()
    timeline.record(
        survey.case,
        events.SurveyAnswered(
            survey_id=survey.pk,
            question=survey.kind,
            score=score,
            has_comment=bool(survey.comment),
            is_low=survey.is_low,
        ),
        by=by,
        at=at,
    )
    return survey
