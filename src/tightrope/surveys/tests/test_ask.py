"""Asking how we did, and leaving people in peace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions as cases
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.surveys import actions
from tightrope.surveys.models import Survey
from tightrope.surveys.tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def survey_mails():
    return Message.objects.filter(direction="out", text__contains="/r/").order_by("at")


def test_whoever_is_told_that_it_is_solved_is_asked():
    factories.solved()

    with clock.standing_at(cast.NOW + timedelta(seconds=11)):  # it can be taken back no more
        jobs.run_due()

    survey = Survey.objects.get()
    assert survey.answered_at is None
    assert survey.mailed_at is None
    assert survey.language == "zh-hans"


def test_whoever_did_not_answer_is_asked_by_mail_after_closing():
    case = factories.solved()
    cases.confirm_case(case, by=actor_of_contact(case.contact), at=cast.NOW)

    jobs.run_due()

    (mail,) = survey_mails()
    survey = Survey.objects.get()
    assert survey.mailed_at == cast.NOW
    assert f"/r/{survey.token}/?score=5" in mail.text
    assert case.title not in mail.subject + mail.text


def test_whoever_answered_on_the_page_gets_no_mail():
    case = factories.solved()
    by = actor_of_contact(case.contact)
    actions.rate_case(case, score=5, comment="", by=by, at=cast.NOW)
    cases.confirm_case(case, by=by, at=cast.NOW)

    jobs.run_due()

    assert not survey_mails().exists()


def test_nobody_is_asked_by_mail_twice_within_a_fortnight():
    for day in (0, 5, 15):
        case = factories.solved(at=cast.NOW + day * DAY)
        actions.ask_by_mail(case, reason="confirmed", by=SYSTEM, at=cast.NOW + day * DAY)

    assert [mail.at for mail in survey_mails()] == [cast.NOW, cast.NOW + 15 * DAY]


def test_a_company_is_asked_five_times_a_month_at_most():
    for number in range(7):
        contact = factories.colleague(f"同事{number}", f"c{number}@hengtong.example")
        case = factories.solved(contact=contact)
        actions.ask_by_mail(case, reason="confirmed", by=SYSTEM, at=cast.NOW)

    assert survey_mails().count() == 5


def test_nobody_is_asked_about_what_ended_in_his_own_silence_or_by_a_machine():
    silent = factories.solved()
    machine = factories.solved(tags=["automatic"])

    assert actions.ask_by_mail(silent, reason="silent while waiting", by=SYSTEM, at=cast.NOW) is None
    assert actions.ask_by_mail(machine, reason="confirmed", by=SYSTEM, at=cast.NOW) is None
    assert actions.ask_in_portal(machine, by=SYSTEM, at=cast.NOW) is None
    assert not survey_mails().exists()


def test_asking_twice_is_asking_once():
    case = factories.solved()
    for _ in range(2):
        actions.ask_in_portal(case, by=SYSTEM, at=cast.NOW)
        actions.ask_by_mail(case, reason="confirmed", by=SYSTEM, at=cast.NOW)

    assert survey_mails().count() == 1
    assert Survey.objects.count() == 1
