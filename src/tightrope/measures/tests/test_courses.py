"""Every passage equals a count by hand: what happened is done by acts, what is counted is read from the record."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.customers.queries import actor_of_contact
from tightrope.measures import actions
from tightrope.measures.models import Course, Passage, Reading
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, Source, What

pytestmark = pytest.mark.django_db
Kind = Passage.Kind
HOUR = 3600


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


@pytest.fixture
def zhou():
    factories.policies()
    return cast.actor(cast.zhou_min())


@pytest.fixture
def case(zhou):
    return factories.case(team=cast.team("desk"))


def customer_says(case: Case, *, hours: float, text: str = "好的") -> None:
    """A word of the customer as it comes in."""
    wang = actor_of_contact(factories.wang_lei())
    case.refresh_from_db()
    message = channels.post_message(
        case.conversation,
        text=text,
        author=wang,
        direction="in",
        channel="web",
        to="",
        subject="",
        at=at(hours),
    )
    cases.hear_from_customer(case, message=message, by=wang, at=at(hours))


def taken(kind: Kind, *, hours: float = 72) -> list[Passage]:
    actions.take_courses(at=at(hours))
    return list(Passage.objects.filter(kind=kind).order_by("at", "pk"))


def test_a_later_time_counts_as_put_off_with_its_source_and_an_earlier_one_does_not(case, zhou):
    chen = cast.actor(cast.chen_gang())
    first = Promise.objects.get(subject_id=case.pk, what=What.RESOLUTION)
    later = promises.replace_promise(
        first,
        case,
        due_at=first.due_at + timedelta(days=1),
        reason="缺件",
        source=Source.SUPERIOR,
        by=chen,
        at=at(1),
    )
    promises.replace_promise(later, case, due_at=first.due_at, reason="到货", by=chen, at=at(2))

    [put_off] = taken(Kind.PUT_OFF)

    assert (put_off.case_id, put_off.user_id, put_off.source) == (case.pk, chen.user_id, Source.SUPERIOR)
    assert put_off.seconds == 7 * HOUR  # from Friday 10:00 on, Saturday being none
    assert put_off.text == "缺件"


def test_waiting_without_a_question_is_empty_and_waiting_after_one_is_not(case, zhou):
    cases.wait_for_customer(case, waiting_for="照片", source=Source.DEPARTMENT, by=zhou, at=at(1))
    customer_says(case, hours=3)
    cases.send_reply(case, text="请发照片。", by=zhou, at=at(3.5))
    cases.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(3.5))

    waited, empty = taken(Kind.WAITED, hours=5), taken(Kind.EMPTY_WAIT, hours=5)

    assert [(one.at, one.until_at, one.source) for one in waited] == [
        (at(1), at(3), "department"), (at(3.5), None, "self"),
    ]  # fmt: skip
    [only] = empty
    assert (only.at, only.until_at, only.user_id) == (at(1), at(3), zhou.user_id)
    assert only.seconds == 1 * HOUR  # 11:00 to 13:00, the hour from 12:00 on being the break


def test_whoever_asks_right_after_has_asked(case, zhou):
    cases.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(1))
    cases.send_reply(case, text="请发照片。", by=zhou, at=at(1.1))

    assert taken(Kind.EMPTY_WAIT) == []


def test_a_gap_in_contact_is_measured_in_working_time_without_the_customers_own(case, zhou):
    cases.accept_case(case, by=zhou, at=at(0.1))
    cases.send_reply(case, text="我们看一下。", by=zhou, at=at(1))  # Wednesday 11:00
    cases.send_reply(case, text="请发照片。", by=zhou, at=at(25))  # Thursday 11:00: a working day later
    cases.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(25))
    customer_says(case, hours=25 + 144)  # Wednesday

    [gap] = taken(Kind.SILENCE, hours=25 + 145)

    assert (gap.at, gap.until_at, gap.user_id) == (at(1), at(25), zhou.user_id)
    assert gap.seconds == 8 * HOUR


def test_a_gap_that_goes_on_has_no_end_and_grows(case, zhou):
    cases.accept_case(case, by=zhou, at=at(0.1))
    cases.send_reply(case, text="我们看一下。", by=zhou, at=at(1))
    [before] = taken(Kind.SILENCE, hours=25)

    [later] = taken(Kind.SILENCE, hours=49)

    assert before.until_at is None
    assert before.seconds == 8 * HOUR
    assert later.seconds == 16 * HOUR


def test_a_hand_over_that_goes_back_counts_against_the_department_that_gave_it_back(case, zhou):
    xu = cast.actor(cast.xu_jing())
    experts, desk = cast.team("experts"), cast.team("desk")
    cases.accept_case(case, by=zhou, at=at(0.1))
    cases.hand_over_case(case, team=experts, reason="查 E3", by=zhou, at=at(1))
    cases.take_over(case, by=xu, at=at(5))
    cases.hand_over_case(case, team=desk, reason="先问客户", source=Source.SUPERIOR, by=xu, at=at(6))

    handed, [back] = taken(Kind.HANDED_OVER, hours=7), taken(Kind.CAME_BACK, hours=7)

    assert [(one.team_id, one.user_id) for one in handed] == [
        (experts.pk, zhou.user_id),
        (desk.pk, xu.user_id),
    ]
    assert (back.team_id, back.user_id, back.source) == (experts.pk, xu.user_id, "superior")


def test_filing_it_under_a_category_of_another_team_is_a_re_routing(case, zhou):
    quality = cast.team("quality", is_department=True)
    same = factories.category("noise")
    other = factories.category("parts", team=quality)
    cases.change_category(case, category=same, reason="", by=zhou, at=at(1))
    cases.change_category(case, category=other, reason="缺件", by=zhou, at=at(2))

    [only] = taken(Kind.HANDED_OVER)

    assert (only.at, only.team_id, only.user_id) == (at(2), quality.pk, zhou.user_id)


def test_each_stay_at_a_department_has_its_own_clock(case, zhou):
    xu = cast.actor(cast.xu_jing())
    experts = cast.team("experts")
    cases.accept_case(case, by=zhou, at=at(0.5))
    cases.hand_over_case(case, team=experts, reason="查 E3", by=zhou, at=at(1))  # 11:00
    cases.take_over(case, by=xu, at=at(5))  # 15:00
    cases.wait_for_customer(case, waiting_for="照片", by=xu, at=at(6))
    customer_says(case, hours=7)
    cases.solve_case(case, solution="answer", by=xu, at=at(7.5))  # 17:30

    desk, there = taken(Kind.STAY)

    assert (desk.seconds, desk.untaken_seconds) == (1 * HOUR, HOUR / 2)
    assert (there.at, there.until_at, there.team_id) == (at(1), at(7.5), experts.pk)
    assert (there.seconds, there.untaken_seconds, there.waiting_seconds) == (5.5 * HOUR, 3 * HOUR, HOUR)


def test_what_a_person_carries_ends_with_the_solution_and_begins_again_when_reopened(case, zhou):
    wang = actor_of_contact(factories.wang_lei())
    cases.accept_case(case, by=zhou, at=at(0.5))
    cases.solve_case(case, solution="answer", by=zhou, at=at(1.5))
    cases.reopen_case(case, reason="没好", by=wang, at=at(4))
    cases.accept_case(case, by=zhou, at=at(4.5))
    cases.solve_case(case, solution="answer", by=zhou, at=at(5))

    [carried], solved, [reopened] = taken(Kind.CARRIED), taken(Kind.SOLVED), taken(Kind.REOPENED)

    assert carried.seconds == 2 * HOUR
    assert [one.user_id for one in solved] == [zhou.user_id, zhou.user_id]
    assert (reopened.user_id, reopened.text) == (zhou.user_id, "没好")


def test_a_round_of_clarification_is_a_question_that_the_customer_answered_before_the_solution(case, zhou):
    cases.send_reply(case, text="哪台机组？", by=zhou, at=at(1))
    cases.send_reply(case, text="另外请发照片。", by=zhou, at=at(1.1))
    customer_says(case, hours=2)
    customer_says(case, hours=2.1)
    cases.send_reply(case, text="报警代码？", by=zhou, at=at(3))
    customer_says(case, hours=4)
    cases.solve_case(case, solution="answer", by=zhou, at=at(5))
    customer_says(case, hours=6, text="谢谢")

    rounds = taken(Kind.CLARIFIED)

    assert [one.at for one in rounds] == [at(2), at(4)]


def test_an_answer_taken_back_was_never_a_word(case, zhou):
    cases.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(1))
    message = cases.send_reply(case, text="请发照片。", by=zhou, at=at(1.1))
    cases.take_back_reply(case, message, by=zhou, at=at(1.1) + timedelta(seconds=5))

    assert len(taken(Kind.EMPTY_WAIT)) == 1


def test_only_what_was_touched_is_read_again_and_what_was_there_before_is_read_once(case, zhou):
    other = factories.case()
    first = actions.take_courses(at=at(1))
    actions.take_courses(at=at(1.01))
    idle = actions.take_courses(at=at(1.02))
    cases.accept_case(other, by=zhou, at=at(2))

    after = actions.take_courses(at=at(2.1))

    assert (first, idle, after) == (2, 0, 1)
    assert Course.objects.get(pk=other.pk).taken_at == at(2.1)
    assert Course.objects.get(pk=case.pk).taken_at == at(1)


def test_what_runs_on_is_taken_anew_after_six_hours(case, zhou):
    for hours in (0.1, 0.2, 0.3):
        actions.take_courses(at=at(hours))

    assert actions.take_courses(at=at(5)) == 0
    assert actions.take_courses(at=at(7)) == 1


def test_what_was_rejected_counts_nowhere(case, zhou):
    cases.reject_case(case, reason="广告", by=cast.actor(cast.chen_gang()), at=at(10))

    actions.take_courses(at=at(60))

    assert Passage.objects.count() == 0
    assert Reading.objects.get().fill_below in (0, case.pk)


def test_reading_twice_leaves_the_same(case, zhou):
    cases.wait_for_customer(case, waiting_for="照片", by=zhou, at=at(1))
    once = [(one.kind, one.at, one.seconds) for one in taken(Kind.WAITED, hours=30)]

    Reading.objects.update(before_id=0)
    again = [(one.kind, one.at, one.seconds) for one in taken(Kind.WAITED, hours=30)]

    assert once == again
