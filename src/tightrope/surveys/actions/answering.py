"""The customer says how we did."""

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

LONGEST_COMMENT = 2000


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
    survey = survey_of(case, Survey.Kind.CSAT, contact_id=by.contact, language=by.language, at=at)
    return _answered(survey, score=score, comment=comment, channel=channel, by=by, at=at)


@transaction.atomic
def answer_survey(survey: Survey, *, score: int, comment: str, by: Actor, at: datetime) -> Survey:
    """Answer the question of a mailed link. Saying it again changes it. Raises ScoreOutOfRange, Denied."""
    case = Case.objects.lock(survey.case_id)
    require_voice(by, case)
    survey = Survey.objects.lock(survey.pk)
    return _answered(survey, score=score, comment=comment, channel="mail", by=by, at=at)


@transaction.atomic
def recommend(survey: Survey, *, score: int, comment: str, by: Actor, at: datetime) -> Survey:
    """Say, after the first question, whether one would recommend us, 0 to 10. Raises ScoreOutOfRange, Denied."""
    case = Case.objects.lock(survey.case_id)
    require_voice(by, case)
    second = survey_of(case, Survey.Kind.NPS, contact_id=survey.contact_id, language=survey.language, at=at)
    return _answered(second, score=score, comment=comment, channel=survey.channel, by=by, at=at)


def survey_of(
    case: Case, kind: str, *, contact_id: int | None, language: str, at: datetime, channel: str = "web"
) -> Survey:
    """The question about this case to this person; asked now if it was not. The case must be locked."""
    survey, _is_new = Survey.objects.get_or_create(
        case=case,
        contact_id=contact_id,
        kind=kind,
        defaults={
            "account_id": case.account_id,
            "owner_id": case.owner_id,
            "team_id": case.team_id,
            "channel": channel,
            "language": language,
            "asked_at": min(case.solved_at or at, at),
        },
    )
    return survey


def _answered(survey: Survey, *, score: int, comment: str, channel: str, by: Actor, at: datetime) -> Survey:
    if score not in survey.scale:
        raise ScoreOutOfRange(_("Choose one of the scores that are offered."))
    comment = comment.replace("\x00", "").strip()[:LONGEST_COMMENT]
    if survey.score == score and survey.comment == comment:
        return survey
    survey.score, survey.comment, survey.answered_at, survey.channel = score, comment, at, channel
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
