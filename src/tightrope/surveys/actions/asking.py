"""Asking: at once on the page of the solved case, by mail only those who did not answer there, and not often."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases.actions.answering import mail_address_of
from tightrope.cases.models import Case
from tightrope.channels import actions as channels
from tightrope.core.actor import SYSTEM, Actor
from tightrope.surveys import events
from tightrope.surveys.actions.answering import survey_of
from tightrope.surveys.models import Survey
from tightrope.surveys.wording import star_words

ONE_CONTACT_DAYS = 14
ONE_ACCOUNT_DAYS = 30
ONE_ACCOUNT_MAILS = 5
QUIET_REASONS = frozenset({"silent while waiting"})
"""Nobody is asked how we did when nothing was done because he did not answer."""


@transaction.atomic
def ask_in_portal(case: Case, *, by: Actor, at: datetime) -> Survey | None:
    """Put the question on the page of the case: the letter that says "solved" leads there.

    Nobody is asked about what no customer told us. None then.
    """
    case = Case.objects.lock(case.pk)
    if not _is_askable(case):
        return None
    known: Survey | None = Survey.objects.filter(
        case=case, contact_id=case.contact_id, kind=Survey.Kind.CSAT
    ).first()
    if known is not None:
        return known
    survey = survey_of(case, Survey.Kind.CSAT, contact_id=case.contact_id, language=_language(case), at=at)
    _asked(survey, "web", by=by, at=at)
    return survey


def _is_askable(case: Case) -> bool:
    return case.contact is not None and case.contact.is_active and "automatic" not in case.tags


def _language(case: Case) -> str:
    return case.contact.language if case.contact else case.language


def _asked(survey: Survey, channel: str, *, by: Actor, at: datetime) -> None:
    asked = events.SurveyAsked(survey_id=survey.pk, question=survey.kind, channel=channel)
    timeline.record(survey.case, asked, by=by, at=at)


@transaction.atomic
def ask_by_mail(case: Case, *, reason: str, by: Actor, at: datetime) -> Survey | None:
    """Ask by a mail of its own, after closing, whoever has not answered yet: one question, one tap.

    Not more than one such mail to a person within 14 days and five to a customer within 30; None when it
    is somebody's time to be left in peace.
    """
    case = Case.objects.lock(case.pk)
    address = mail_address_of(case.contact)
    if reason in QUIET_REASONS or not _is_askable(case) or not address:
        return None
    asked = survey_of(case, Survey.Kind.CSAT, contact_id=case.contact_id, language=_language(case), at=at)
    survey: Survey = Survey.objects.lock(asked.pk)
    if survey.answered_at is not None or survey.mailed_at is not None or is_tired(survey, at=at):
        return None
    survey.mailed_at = at
    survey.save(update_fields=["mailed_at"])
    _mail(case, survey, address, at=at)
    _asked(survey, "mail", by=by, at=at)
    return survey


def is_tired(survey: Survey, *, at: datetime) -> bool:
    """Whether this person or his company was asked by mail often enough of late."""
    days = getattr(settings, "SURVEY_CONTACT_DAYS", ONE_CONTACT_DAYS)
    mailed = Survey.objects.exclude(pk=survey.pk).filter(mailed_at__isnull=False)
    if mailed.filter(contact_id=survey.contact_id, mailed_at__gt=at - timedelta(days=days)).exists():
        return True
    if survey.account_id is None:
        return False
    since = at - timedelta(days=getattr(settings, "SURVEY_ACCOUNT_DAYS", ONE_ACCOUNT_DAYS))
    most: int = getattr(settings, "SURVEY_ACCOUNT_MAILS", ONE_ACCOUNT_MAILS)
    recent = mailed.filter(account_id=survey.account_id, mailed_at__gt=since)
    return len(recent.values_list("pk", flat=True)[:most]) >= most


def _mail(case: Case, survey: Survey, address: str, *, at: datetime) -> None:
    contact = case.contact
    assert contact is not None
    with translation.override(survey.language), timezone.override(zoneinfo.ZoneInfo(contact.time_zone)):
        link = f"{settings.PUBLIC_URL}/r/{survey.token}/"
        words = star_words()
        scores = [(score, words[score - 1], f"{link}?score={score}") for score in (5, 4, 3, 2, 1)]
        facts = {"case": case, "contact": contact, "scores": scores}
        channels.post_message(
            case.conversation,
            text=render_to_string("surveys/letters/ask.txt", facts).strip(),
            author=SYSTEM,
            direction="out",
            channel="mail",
            to=address,
            subject=_("[%(number)s] How did we do?") % {"number": case.number},
            is_automatic=True,
            language=survey.language,
            at=at,
        )
