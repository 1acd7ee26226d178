"""However a case ends: it says how, and its customer is told. Nothing ends by a way without both."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests import cast

from tightrope.cases import actions, tasks
from tightrope.cases.models import ENDS, LEGAL_MOVES, Case
from tightrope.cases.tests import factories
from tightrope.cases.verify import contradictions
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact

pytestmark = pytest.mark.django_db

HOW, TOLD = Case.Outcome, Case.EndTold


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


def _solved(case):
    gang = cast.actor(cast.chen_gang())
    actions.accept_case(case, by=gang, at=at(0.1))
    return actions.solve_case(case, solution="answer", by=gang, at=at(1))


def confirmed_by_the_customer(case):
    actions.confirm_case(_solved(case), by=actor_of_contact(case.contact), at=at(2))


def confirmed_to_one_of_us(case):
    actions.confirm_case(_solved(case), by=cast.actor(cast.chen_gang()), at=at(2))


def silent_after_solving(case):
    actions.close_silent_case(_solved(case), by=SYSTEM, at=at(24 * 6))


def silent_while_waiting(case):
    actions.wait_for_customer(case, waiting_for="照片", by=cast.actor(cast.chen_gang()), at=at(0.5))
    for day in range(1, 9):
        with clock.standing_at(at(24 * day)):
            tasks.look_at_silence()


def merged(case):
    keep = factories.case(title="同一件事")
    actions.merge_cases(keep, case, by=cast.actor(cast.chen_gang()), at=at(1))


def rejected(outcome):
    def reject(case):
        actions.reject_case(case, outcome=outcome, reason="说明", by=cast.actor(cast.chen_gang()), at=at(1))

    reject.__name__ = f"rejected_as_{outcome}"
    return reject


WAYS = [
    (confirmed_by_the_customer, HOW.AGREED, TOLD.HIMSELF),
    (confirmed_to_one_of_us, HOW.AGREED, TOLD.LETTER),
    (silent_after_solving, HOW.UNOPPOSED, TOLD.LETTER),
    (silent_while_waiting, HOW.UNANSWERED, TOLD.LETTER),
    (merged, HOW.MERGED, TOLD.LETTER),
    (rejected(HOW.SPAM), HOW.SPAM, TOLD.UNTOLD),
    *((rejected(one), one, TOLD.LETTER) for one in (HOW.MISTAKE, HOW.DUPLICATE, HOW.ELSEWHERE)),
]


@pytest.mark.parametrize(("way", "outcome", "told"), WAYS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_way_to_end_has_its_outcome_and_tells_the_customer(way, outcome, told):
    case = factories.case()

    way(case)
    with clock.standing_at(at(24 * 10)):
        jobs.run_due()

    case.refresh_from_db()
    assert case.status in ENDS
    assert (case.outcome, case.end_told) == (outcome, told)
    assert (_last_letter(case) > 0) == (told == TOLD.LETTER)
    assert verify.differences() == []


def _last_letter(case) -> int:
    """How many letters were written when it ended or later."""
    rows = Message.objects.filter(
        conversation_id=case.conversation_id, direction="out", is_automatic=True, at__gt=at(1) - timedelta(1)
    )
    words = ("关闭", "结束", "继续处理", "已并入", "不属于", "发错")
    return sum(any(word in letter.text for word in words) for letter in rows)


def test_the_ways_tried_here_are_all_the_ways_there_are():
    ends = {(before, after) for before, moves in LEGAL_MOVES.items() for after in moves if after in ENDS}

    assert ends == {
        ("solved", "closed"), ("waiting", "closed"), ("received", "rejected"),
        *((before, "merged") for before in ("received", "accepted", "waiting", "reopened")),
    }  # fmt: skip


def test_an_end_nobody_was_told_of_is_found():
    case = factories.case()
    silent_after_solving(case)
    assert contradictions() == []  # the letter is on its way

    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'")

    assert [sentence for sentence in contradictions() if "was not told" in sentence]


def test_the_database_refuses_an_end_without_an_outcome():
    case = factories.case()

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="rejected")


def test_who_cannot_be_written_to_is_known_as_such():
    case = factories.case()
    Case.objects.filter(pk=case.pk).update(contact=None)
    silent_after_solving(case)
    with clock.standing_at(at(24 * 7)):
        jobs.run_due()

    case.refresh_from_db()
    assert case.end_told == TOLD.NOBODY


def test_what_is_open_again_has_not_ended():
    case = factories.case()
    confirmed_by_the_customer(case)

    reopened = actions.reopen_case(case, reason="还在漏", by=cast.actor(cast.chen_gang()), at=at(3))
    assert (reopened.outcome, reopened.end_told) == ("", "")
    spam = factories.case()
    rejected(HOW.SPAM)(spam)
    restored = actions.restore_case(spam, by=cast.actor(cast.chen_gang()), at=at(4))

    assert (restored.outcome, restored.end_told) == ("", "")


def test_a_complaint_merged_into_a_request_lives_on_as_a_complaint():
    gang = cast.actor(cast.chen_gang())
    keep, gone = factories.case(), factories.case(case_type=Case.Type.COMPLAINT)

    kept = actions.merge_cases(keep, gone, by=gang, at=at(1))

    assert kept.type == Case.Type.COMPLAINT
