"""A call that must reach the customer: every try, the next one by the schedule, and the end of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import cast

from tightrope.calendars.queries import worktime_of
from tightrope.cases import actions
from tightrope.cases.models import NEXT_WORKDAY, Attempt, Call, Case, IllegalMove, Rules
from tightrope.cases.queries import Filter, queue
from tightrope.cases.retries import next_try
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.people.access import Denied
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, PromiseKind, State, What
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


def at(hours: float) -> datetime:
    return cast.NOW + timedelta(hours=hours)


def call(case, outcome, when, by, **facts):
    return actions.log_call(case, outcome=outcome, by=by, at=when, **{"text": "", **facts})


def running(case, what=What.CALL):
    return list(Promise.objects.filter(subject_id=case.pk, what=what).running().order_by("pk"))


def letters(case):
    with clock.standing_at(at(200)):
        jobs.run_due()
    return Message.objects.filter(conversation_id=case.conversation_id, direction="out", is_automatic=True)


def test_a_vain_call_is_tried_again_by_the_schedule_in_working_time(case, zhou):
    first = call(case, "no_answer", at(1), zhou)
    assert first.call_due_at == at(1.5)

    second = call(case, "busy", at(1.5), zhou)
    assert second.call_due_at == at(4.5)  # two working hours, with the pause at noon between

    third = call(case, "wrong", at(4.5), zhou)
    morning = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    assert third.call_due_at == morning

    tries = Attempt.objects.filter(call__case=case)
    assert [one.outcome for one in tries] == ["no_answer", "busy", "wrong"]
    assert [one.due_at for one in running(case)] == [morning]
    assert verify.differences() == []


def test_each_try_is_a_promise_that_trying_keeps(case, zhou):
    actions.plan_call(case, due_at=at(1), text="问机房能否停机", by=zhou, at=cast.NOW)

    call(case, "no_answer", at(0.5), zhou)

    made = Promise.objects.filter(subject_id=case.pk, what=What.CALL).order_by("pk")
    assert [promise.state for promise in made] == [State.KEPT, State.RUNNING]
    assert made[1].due_at == at(1)
    assert made[1].kind == PromiseKind.INTERNAL
    assert made[1].user_id == zhou.user_id


def test_who_was_reached_has_heard_from_us(case, zhou):
    call(case, "no_answer", at(0.2), zhou)

    case = call(case, "reached", at(0.5), zhou, text="约好下午停机")

    first = Promise.objects.get(subject_id=case.pk, what=What.FIRST_RESPONSE, kind=PromiseKind.CUSTOMER)
    assert first.state == State.KEPT
    assert case.answered_at == at(0.5)
    assert case.heard_at is None
    assert case.call_due_at is None
    assert running(case) == []
    assert Call.objects.get(case=case).outcome == Call.Outcome.REACHED
    assert verify.differences() == []


def test_a_try_in_vain_is_no_answer_to_the_customer(case, zhou):
    case = call(case, "no_answer", at(0.2), zhou)

    assert case.answered_at is None
    assert Promise.objects.filter(subject_id=case.pk, what=What.FIRST_RESPONSE).running().exists()


def test_after_the_last_try_the_customer_is_asked_in_writing_once(case, zhou):
    for hours in (1, 2, 5):
        call(case, "no_answer", at(hours), zhou)
    with pytest.raises(actions.NoReason):
        call(case, "no_answer", at(24), zhou)

    case = call(case, "no_answer", at(24), zhou, text="四次都没人接")

    given_up = Call.objects.get(case=case)
    assert given_up.outcome == Call.Outcome.GIVEN_UP
    assert given_up.attempts == 4
    assert case.call_due_at is None
    assert running(case) == []
    found = [letter.text for letter in letters(case) if "多次" in letter.text or "几次" in letter.text]
    assert len(found) == 1
    assert "/s/" in found[0]
    assert verify.differences() == []


def test_who_asks_to_be_called_later_is_called_then_and_uses_up_no_try(case, zhou):
    with pytest.raises(promises.DueInPast):
        call(case, "later", at(1), zhou)

    case = call(case, "later", at(1), zhou, later_at=at(9), text="晚上再打")

    assert case.call_due_at == at(9)
    assert Call.objects.get(case=case).attempts == 0


def test_no_number_is_said_only_when_there_is_none(case, zhou):
    with pytest.raises(actions.NoSuchTry):
        call(case, "no_number", at(1), zhou, text="没有号码")
    stranger = customers.add_contact(
        factories.hengtong(), name="无名", language="zh-hans",
        addresses=[("mail", "no.number@hengtong.example")], by=SYSTEM, at=cast.NOW,
    )  # fmt: skip
    other = factories.case(contact=stranger)

    other = call(other, "no_number", at(1), zhou, text="没有号码")

    assert Call.objects.get(case=other).outcome == Call.Outcome.GIVEN_UP


def test_a_call_that_is_planned_anew_keeps_its_tries_and_one_promise(case, zhou):
    call(case, "no_answer", at(1), zhou)

    actions.plan_call(case, due_at=at(6), text="", by=zhou, at=at(1.1))

    only = Call.objects.get(case=case)
    assert only.attempts == 1
    assert [promise.due_at for promise in running(case)] == [at(6)]
    assert verify.differences() == []


def test_a_call_put_off_in_the_ledger_is_due_with_its_promise(case, zhou):
    actions.plan_call(case, due_at=at(1), text="回电", by=zhou, at=cast.NOW)

    lead = cast.actor(cast.chen_gang())
    promises.replace_promise(running(case)[0], case, due_at=at(3), reason="客户在开会", by=lead, at=at(0.1))

    case.refresh_from_db()
    assert case.call_due_at == at(3)
    assert verify.differences() == []


def test_the_list_of_calls_is_ordered_by_when_they_are_due(case, zhou):
    other = factories.case(title="电梯门")
    actions.plan_call(case, due_at=at(3), text="", by=zhou, at=cast.NOW)
    actions.plan_call(other, due_at=at(2), text="", by=zhou, at=cast.NOW)
    factories.case(title="没人要打电话")

    page = queue(Filter(view="calls"), by=zhou, at=at(1))

    assert [row.pk for row in page.rows] == [other.pk, case.pk]


def test_a_company_sets_its_own_schedule(case, zhou):
    Rules.objects.create(call_retries=[60])

    case = call(case, "no_answer", at(1), zhou)
    assert case.call_due_at == at(2)
    case = call(case, "no_answer", at(2), zhou, text="联系不上")

    assert case.call_due_at is None


@pytest.mark.parametrize(
    ("minutes", "begun", "due"),
    [
        (30, datetime(2026, 11, 20, 9, 50, tzinfo=UTC), datetime(2026, 11, 23, 1, 20, tzinfo=UTC)),
        (NEXT_WORKDAY, datetime(2026, 11, 20, 3, 0, tzinfo=UTC), datetime(2026, 11, 23, 2, 0, tzinfo=UTC)),
    ],
)
def test_retries_leave_out_the_weekend(minutes, begun, due):
    assert next_try([minutes], vain=1, at=begun, calendar=worktime_of(None)) == due
    assert next_try([minutes], vain=2, at=begun, calendar=worktime_of(None)) is None


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 23, 1, 20, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),  # 9 there, 16 here
        ("America/Los_Angeles", datetime(2026, 11, 23, 1, 20, tzinfo=UTC)),  # 17:20 there
        ("America/New_York", datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),  # 9 there: no hour suits both
    ],
)
def test_no_customer_abroad_is_called_at_night(zone, due):
    begun = datetime(2026, 11, 20, 9, 50, tzinfo=UTC)

    assert next_try([30], vain=1, at=begun, calendar=worktime_of(None), zone=zone) == due


def test_the_next_try_of_a_case_looks_at_the_clock_of_its_contact(case, zhou):
    customers.change_contact(
        case.contact,
        changes={"time_zone": "America/New_York"},
        version=case.contact.version,
        by=zhou,
        at=at(0),
    )

    case = call(case, "no_answer", at(1), zhou)

    assert case.call_due_at.astimezone(ZoneInfo("America/New_York")).hour == 9


def test_nobody_calls_about_what_lives_on_elsewhere_or_is_not_his(case, zhou):
    with pytest.raises(Denied):
        call(case, "no_answer", at(1), cast.actor(cast.ola()))
    spam = actions.reject_case(factories.case(), reason="广告", by=cast.actor(cast.chen_gang()), at=at(1))
    with pytest.raises(IllegalMove):
        call(spam, "no_answer", at(2), cast.actor(cast.chen_gang()))


def test_the_line_says_what_came_of_each_try(case, zhou):
    call(case, "busy", at(1), zhou)

    tried = next(event for event in events_of("case", case.pk, by=zhou)[0] if event.kind == "case.called")

    assert tried.facts["outcome"] == "busy"
    assert tried.facts["next_at"] == at(1.5).isoformat()
    assert Case.objects.get(pk=case.pk).status == Case.Status.ACCEPTED
