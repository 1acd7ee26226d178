"""For ten seconds a case that was solved can be open again as if nobody had said so, with its answer or without."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case, IllegalMove
from tightrope.cases.tests import factories
from tightrope.cases.tests.test_races import Pair, kinds_of
from tightrope.cases.tests.test_views import browser
from tightrope.channels import actions as channels
from tightrope.channels.models import Message, MessageState
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.customers.queries import actor_of_contact
from tightrope.people.access import Denied
from tightrope.promises.models import Policy, Promise, PromiseKind, Target, What
from tightrope.surveys.models import Survey

pytestmark = pytest.mark.django_db
TOLD = cast.NOW
SOLVED = TOLD + timedelta(minutes=20)
SOON = SOLVED + timedelta(seconds=8)
LATER = SOLVED + timedelta(seconds=11)


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


def zhou():
    return cast.actor(cast.zhou_min())


def solve(case, *, at=SOLVED):
    return actions.solve_case(case, solution="answer", by=zhou(), at=at)


def take_back(case, *, at=SOON):
    return actions.take_back_solving(case, by=zhou(), at=at)


def work(now):
    with clock.standing_at(now):
        jobs.run_due()


def letters_of(case):
    """What the system wrote to the customer, without the acknowledgement."""
    words = Message.objects.filter(conversation_id=case.conversation_id, is_automatic=True, at__gt=TOLD)
    return list(words.order_by("at", "id"))


def standing(case):
    case = Case.objects.get(pk=case.pk)
    row = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    del row["version"]
    return row


def owed(case):
    """What is owed and by when; a clock that stands still has no time yet."""
    rows = Promise.objects.about("case", case.pk).running().order_by("pk")
    return [(one.pk, one.what, None if one.is_paused else one.due_at) for one in rows]


def ways():
    """Where a case can stand when it is solved."""

    def received():
        return factories.case()

    def accepted():
        return actions.accept_case(factories.case(), by=zhou(), at=TOLD + timedelta(minutes=1))

    def waiting():
        at = TOLD + timedelta(minutes=2)
        return actions.wait_for_customer(accepted(), waiting_for="照片", by=zhou(), at=at)

    def reopened():
        case = solve(accepted(), at=TOLD + timedelta(minutes=2))
        by = actor_of_contact(factories.wang_lei())
        return actions.reopen_case(case, reason="还在漏", by=by, at=TOLD + timedelta(minutes=4))

    return [received, accepted, waiting, reopened]


@pytest.mark.parametrize("way", ways(), ids=lambda way: way.__name__)
def test_the_case_stands_as_it_stood_and_owes_what_it_owed(way):
    case = way()
    before, owed_before = standing(case), owed(case)
    solve(case)

    take_back(case)

    assert standing(case) == before
    assert owed(case) == owed_before
    work(LATER)
    assert not any(letter.at >= SOLVED for letter in letters_of(case))
    assert not Survey.objects.filter(asked_at__gte=SOLVED).exists()
    assert kinds_of(case, "case.solving_taken_back") == 1
    assert verify.differences() == []


def test_the_customer_is_told_and_asked_when_the_seconds_are_over():
    case = solve(factories.case())

    work(SOON)
    assert letters_of(case) == []
    assert not Survey.objects.exists()
    work(LATER)
    work(LATER)

    [letter] = letters_of(case)
    assert letter.at == SOLVED + timedelta(seconds=10)
    assert Survey.objects.get().case == case
    assert kinds_of(case, "case.told_solved") == 1
    assert verify.differences() == []


def test_who_has_confirmed_meanwhile_gets_no_letter_that_asks_him_to():
    case = solve(factories.case())
    actions.confirm_case(case, by=actor_of_contact(factories.wang_lei()), at=SOON)

    work(LATER)

    assert [letter.at for letter in letters_of(case)] == [SOON], "how did we do, and nothing after it"
    assert kinds_of(case, "case.told_solved") == 1


def test_what_the_customer_was_told_is_not_taken_back():
    case = solve(factories.case())
    work(LATER)

    for at in (SOON, LATER):
        with pytest.raises(channels.TooLate):
            take_back(case, at=at)

    assert Case.objects.get(pk=case.pk).status == Case.Status.SOLVED


def test_nobody_takes_back_what_a_colleague_solved_or_what_the_customer_has_confirmed():
    case = solve(factories.case())
    with pytest.raises(Denied):
        actions.take_back_solving(case, by=cast.actor(cast.chen_gang()), at=SOON)
    actions.confirm_case(case, by=actor_of_contact(factories.wang_lei()), at=SOON)

    with pytest.raises(IllegalMove):
        take_back(case)


def test_taking_back_twice_is_taking_back_once():
    case = solve(factories.case())

    take_back(case)
    take_back(case)

    assert kinds_of(case, "case.solving_taken_back") == 1


def test_solved_again_it_is_told_once():
    case = solve(factories.case())
    take_back(case)
    again = SOLVED + timedelta(seconds=9)
    solve(case, at=again)

    work(again + timedelta(seconds=11))

    [letter] = letters_of(case)
    assert letter.at == again + timedelta(seconds=10)


def test_a_word_of_the_customer_in_between_is_owed_an_answer():
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    actions.send_reply(case, text="请先关闭 2 号机。", by=zhou(), at=TOLD + timedelta(minutes=1))
    actions.wait_for_customer(case, waiting_for="照片", by=zhou(), at=TOLD + timedelta(minutes=2))
    solve(case)
    spoke = SOLVED + timedelta(seconds=3)
    wang = actor_of_contact(factories.wang_lei())
    word = channels.post_message(
        case.conversation, text="还在漏", author=wang, direction="in", channel="web", at=spoke
    )
    actions.hear_from_customer(case, message=word, by=wang, at=spoke)

    case = take_back(case)

    assert (case.status, case.heard_at) == (Case.Status.ACCEPTED, spoke)
    assert What.NEXT_RESPONSE in {what for _pk, what, due_at in owed(case) if due_at is not None}
    assert verify.differences() == []


@pytest.mark.parametrize("undo", ["answer", "solving"])
def test_an_answer_sent_with_it_is_taken_back_with_it(undo):
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    owed_before = owed(case)
    message = actions.send_reply(case, text="好了", by=zhou(), at=SOLVED)
    solve(case)

    if undo == "answer":
        actions.take_back_reply(case, message, by=zhou(), at=SOON)
    else:
        take_back(case)

    case.refresh_from_db()
    assert (case.status, case.answered_at, case.heard_at) == (Case.Status.ACCEPTED, None, TOLD)
    assert owed(case) == owed_before
    work(LATER)
    assert letters_of(case) == []
    assert Message.objects.get(pk=message.pk).state == MessageState.TAKEN_BACK
    assert verify.differences() == []


def test_the_return_call_of_a_complaint_is_not_owed_any_more():
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    actions.make_complaint(case, accused=None, reason="三次上门未修好", by=zhou(), at=TOLD)
    actions.record_cause(case, cause="漏检", prevention="复检", by=zhou(), at=TOLD)
    before, owed_before = standing(case), owed(case)
    solve(case)
    assert actions.open_call_of(case) is not None

    take_back(case)

    assert actions.open_call_of(case) is None
    assert standing(case) == before
    assert owed(case) == owed_before
    assert verify.differences() == []


@pytest.mark.parametrize("undo", ["answer", "solving"])
def test_of_the_next_words_the_one_that_was_owed_is_owed_again(undo):
    policy = Policy.objects.get(name="usual")
    Target.objects.create(
        policy=policy, what=What.UPDATE, kind=PromiseKind.CUSTOMER, working_seconds=4 * 3600
    )
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    actions.send_reply(case, text="我们在查。", by=zhou(), at=TOLD + timedelta(minutes=1))
    owed_before = owed(case)
    assert What.UPDATE in {what for _pk, what, _due in owed_before}
    message = actions.send_reply(case, text="好了", by=zhou(), at=SOLVED)
    solve(case)

    if undo == "answer":
        actions.take_back_reply(case, message, by=zhou(), at=SOON)
    else:
        take_back(case)

    assert owed(case) == owed_before
    assert verify.differences() == []


def test_the_answer_arrives_before_the_letter_that_says_it_is_solved():
    case = factories.case()
    message = actions.send_reply(case, text="好了", by=zhou(), at=SOLVED)
    solve(case)

    work(LATER)

    [letter] = letters_of(case)
    assert letter.at > Message.objects.get(pk=message.pk).at


def test_the_toast_of_an_answer_that_solves_undoes_both_by_a_plain_form():
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    client = browser(cast.zhou_min())
    posted = {"text": "好了", "form_token": "t", "then": "solve", "solution": "answer"}
    sent = client.post(reverse("cases:replies", args=[case.public_id]), posted, follow=True)
    message = Message.objects.get(conversation_id=case.conversation_id, direction="out", is_automatic=False)
    undo = reverse("cases:taking_back", args=[case.public_id, message.pk])

    back = client.post(undo).content.decode()

    assert f'action="{undo}"' in sent.content.decode()
    assert "好了" in back
    assert Case.objects.get(pk=case.pk).status == Case.Status.ACCEPTED


def test_the_toast_of_solving_undoes_it_by_a_plain_form():
    case = actions.accept_case(factories.case(), by=zhou(), at=TOLD)
    client = browser(cast.zhou_min())
    sent = client.post(
        reverse("cases:solution", args=[case.public_id]), {"solution": "phone"}, follow=True
    ).content.decode()
    undo = reverse("cases:solution_taking_back", args=[case.public_id])

    back = client.post(undo)

    assert f'action="{undo}"' in sent
    assert back.status_code == 303
    assert Case.objects.get(pk=case.pk).status == Case.Status.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_of_undo_and_the_job_that_tells_one_wins():
    rounds = 30
    cases = [actions.accept_case(factories.case(), by=zhou(), at=TOLD) for _ in range(rounds)]
    answers = [actions.send_reply(case, text="好了", by=zhou(), at=SOLVED) for case in cases]
    for case in cases:
        solve(case)
    due = SOLVED + actions.HOLD
    by = zhou()

    def undo(number):
        # Pressed in time, and late at the lock: the clock of the press does not decide.
        return actions.take_back_reply(
            cases[number], answers[number], by=by, at=due - timedelta(milliseconds=1)
        )

    got = Pair().run(
        rounds, undo, lambda number: actions.tell_solved(cases[number], solved_at=SOLVED, at=due)
    )

    for case, answer, (undone, _told) in zip(cases, answers, got, strict=True):
        case.refresh_from_db()
        answer.refresh_from_db()
        if isinstance(undone, Exception):
            assert isinstance(undone, channels.TooLate)
            assert (case.status, len(letters_of(case))) == (Case.Status.SOLVED, 1)
            assert answer.state == MessageState.HELD
        else:
            assert (case.status, letters_of(case)) == (Case.Status.ACCEPTED, [])
            assert answer.state == MessageState.TAKEN_BACK
