"""The customer of a grave case hears how it stands again and again; when he does not, who leads learns of it."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions, overdue, tasks
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.notices.models import Notice
from tightrope.promises import actions as promises
from tightrope.promises.models import Policy, Promise, PromiseKind, State, Target, What

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()
    grave = Policy.objects.create(name="投诉", case_types=["complaint"])
    urgent = Policy.objects.create(name="紧急", severity_from=1, severity_to=2)
    for policy, hours in ((grave, 2), (urgent, 1)):
        Target.objects.create(
            policy=policy,
            what=What.UPDATE,
            kind=PromiseKind.CUSTOMER,
            working_seconds=hours * 3600,
            warn={"75": ["owner"], "100": ["owner"]},
        )


@pytest.fixture
def case(zhou):
    opened = factories.case(case_type=Case.Type.COMPLAINT, team=cast.team("desk"))
    return actions.accept_case(opened, by=zhou, at=cast.NOW)


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


def reports(case):
    return list(Promise.objects.filter(subject_id=case.pk, what=What.UPDATE).order_by("pk"))


def test_the_first_answer_begins_the_cadence_and_each_word_renews_it(case, zhou):
    assert reports(case) == []

    actions.send_reply(case, text="正在查", by=zhou, at=at(0.5))
    actions.send_reply(case, text="配件已发", by=zhou, at=at(1))

    first, second = reports(case)
    assert (first.state, first.due_at) == (State.KEPT, at(3.5))
    assert (second.state, second.due_at) == (State.RUNNING, at(4))
    assert second.kind == PromiseKind.CUSTOMER
    case.refresh_from_db()
    assert case.next_due_at == second.due_at


def test_a_talk_on_the_phone_renews_it_too(case, zhou):
    actions.send_reply(case, text="正在查", by=zhou, at=at(0.5))

    actions.log_call(case, outcome="reached", text="已说明进展", by=zhou, at=at(1))

    assert [report.state for report in reports(case)] == [State.KEPT, State.RUNNING]


def test_solving_keeps_the_last_report_and_asks_for_no_other(case, zhou):
    actions.send_reply(case, text="正在查", by=zhou, at=at(0.5))
    actions.record_cause(case, cause="a", prevention="b", by=zhou, at=at(1))

    actions.solve_case(case, solution="answer", by=zhou, at=at(1))

    assert [report.state for report in reports(case)] == [State.KEPT]
    with clock.standing_at(at(1.1)):
        jobs.run_due()
    assert verify.differences() == []


def test_waiting_for_the_customer_stops_it(case, zhou):
    actions.send_reply(case, text="请发照片", by=zhou, at=at(0.5))
    actions.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(0.5))

    assert reports(case)[0].is_paused


def test_a_talk_while_waiting_begins_none_until_the_customer_has_answered(case, zhou):
    actions.send_reply(case, text="请发照片", by=zhou, at=at(0.5))
    actions.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(0.5))
    actions.log_call(case, outcome="reached", text="今天发", by=zhou, at=at(1))
    assert [report.state for report in reports(case)] == [State.KEPT]

    actions.resume_case(case, by=zhou, at=at(1.5))

    assert reports(case)[-1].starts_at == at(1.5)
    assert reports(case)[-1].is_running


def test_an_answer_taken_back_takes_its_report_with_it(case, zhou):
    first = actions.send_reply(case, text="正在查", by=zhou, at=at(0.5))
    actions.take_back_reply(case, first, by=zhou, at=at(0.5) + timedelta(seconds=5))
    assert [report.state for report in reports(case)] == [State.WITHDRAWN]

    actions.send_reply(case, text="正在查。", by=zhou, at=at(1))
    again = actions.send_reply(case, text="发错了", by=zhou, at=at(2))
    actions.take_back_reply(case, again, by=zhou, at=at(2) + timedelta(seconds=5))

    assert [report.due_at for report in reports(case) if report.is_running] == [at(4)]
    with clock.standing_at(at(2.1)):
        jobs.run_due()
    assert verify.differences() == []


def test_a_case_that_becomes_urgent_begins_to_be_reported_about(zhou):
    case = actions.accept_case(factories.case(), by=zhou, at=cast.NOW)
    actions.send_reply(case, text="正在查", by=zhou, at=at(0.1))
    assert reports(case) == []

    lead = cast.actor(cast.chen_gang())
    actions.change_severity(case, impact=3, urgency=3, reason="整层停机", by=lead, at=at(0.2))

    assert [report.due_at for report in reports(case)] == [at(1.2)]


def test_a_missed_report_alarms_the_owner_and_then_who_leads(case, zhou):
    gang = cast.chen_gang()
    actions.send_reply(case, text="正在查", by=zhou, at=at(0))
    _until(at(3.01))  # two working hours, the pause at noon not counted
    assert _told(cast.zhou_min(), "promise.due") == 1
    assert _told(gang, "case.report_missed") == 0

    _until(at(3.6))
    _until(at(3.7))
    assert _told(gang, "case.report_missed") == 1

    _until(at(4.1))
    case.refresh_from_db()
    assert case.update_alarms == 2


def test_who_spoke_meanwhile_alarms_nobody(case, zhou):
    actions.send_reply(case, text="正在查", by=zhou, at=at(0))
    promises.look_at_due(at=at(3.1))
    actions.send_reply(case, text="还在查", by=zhou, at=at(3.2))

    assert overdue.unheard(at=at(3.9)) == []
    assert actions.alarm_unheard(case, at=at(3.9)).update_alarms == 0


def _until(moment):
    with clock.standing_at(moment):
        promises.look_at_due(at=moment)
        tasks.look_after()
        jobs.run_due()


def _told(user, kind) -> int:
    return Notice.objects.filter(user=user, kind=kind).count()
