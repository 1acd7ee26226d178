"""What sounds like a complaint is suggested with its ground, judged with one press, and stays judged."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.complaint_words import found_in, own_words
from tightrope.cases.models import Case, ComplaintSign, Rules
from tightrope.cases.models.configured import usual_words
from tightrope.cases.queries import Filter, queue
from tightrope.cases.tests import factories
from tightrope.cases.tests.test_views import at as address
from tightrope.cases.tests.test_views import browser
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.customers.queries import actor_of_contact
from tightrope.people.access import Denied
from tightrope.promises.models import Policy, Promise, PromiseKind, Target, What
from tightrope.surveys import actions as surveys

pytestmark = pytest.mark.django_db

WORDS = usual_words()


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()
    policy = Policy.objects.create(name="投诉", case_types=["complaint"])
    Target.objects.create(
        policy=policy, what=What.FIRST_RESPONSE, kind=PromiseKind.CUSTOMER, working_seconds=1800
    )


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


def react(hours: float = 1) -> None:
    with clock.standing_at(at(hours)):
        jobs.run_due()


def wrote(case: Case, text: str, hours: float) -> Case:
    wang = actor_of_contact(factories.wang_lei())
    word = channels.post_message(
        case.conversation, text=text, author=wang, direction="in", channel="web", at=at(hours)
    )
    case = actions.hear_from_customer(case, message=word, by=wang, at=at(hours))
    react(hours)
    case.refresh_from_db()
    return case


def words(text: str, **facts: object) -> list[str]:
    return [found.word for found in found_in(text, WORDS, **facts)]  # type: ignore[arg-type]


def test_words_of_complaint_are_found_in_three_languages():
    assert words("再不来我就打12315投诉！") == ["投诉", "12315"]
    assert words("這樣我要找消保官了") == ["消保官"]
    assert words("I will talk to my Lawyer and file a complaint.") == ["complaint", "lawyer"]
    assert words("空调漏水，请尽快处理。") == []


def test_words_are_whole_words_and_numbers():
    assert words("型号 PX-12315，序列号 1123150") == []
    assert words("He complained about the suede") == []


def test_what_is_quoted_or_ours_is_not_looked_at():
    ours = "如有投诉请拨打 400。"

    assert words("> 我要投诉\n好的，谢谢") == []
    assert words("你们的“投诉”按钮在哪里") == []
    assert words(f"收到。\n{ours}", ours=[ours]) == []
    assert own_words("> 旧话\n新话") == "新话"


def test_a_case_that_sounds_like_a_complaint_is_suggested_with_the_word_and_what_stands_around_it(zhou):
    case = factories.case(text="等了三天没人管，我要投诉你们！")
    react()

    case.refresh_from_db()
    sign = ComplaintSign.objects.get(case=case)
    page = browser().get(address(case)).content.decode()
    assert case.type != Case.Type.COMPLAINT
    assert case.signs == 1
    assert (sign.ground, sign.word) == ("word", "投诉")
    assert "没人管" in sign.quote
    assert "客户提到“投诉”" in page
    assert [row.pk for row in queue(Filter(view="suspected"), by=zhou, at=at(1)).rows] == [case.pk]
    assert verify.differences() == []


def test_one_press_makes_it_a_complaint_acknowledged_within_its_own_clock():
    case = factories.case(text="我要投诉")
    react(0.1)

    with clock.standing_at(at(0.2)):
        answer = browser().post(reverse("cases:signs", args=[case.public_id]), {"verdict": "complaint"})
    react(0.3)

    case.refresh_from_db()
    assert answer.status_code == 303
    assert case.type == Case.Type.COMPLAINT
    assert case.signs == 0
    assert ComplaintSign.objects.get(case=case).state == ComplaintSign.State.TAKEN
    owed = Promise.objects.filter(subject_id=case.pk, what=What.FIRST_RESPONSE).running().get()
    assert owed.due_at == at(0.7)
    letters = Message.objects.filter(conversation_id=case.conversation_id, direction="out")
    assert sum("投诉" in letter.text for letter in letters) == 1
    assert verify.differences() == []


def test_what_was_dismissed_is_not_suggested_again_but_another_word_is(zhou):
    case = factories.case(text="我要投诉")
    react(0.1)
    with clock.standing_at(at(0.2)):
        browser().post(reverse("cases:signs", args=[case.public_id]), {"verdict": "none"})

    case = wrote(case, "说了我要投诉", 1)
    assert case.signs == 0
    case = wrote(case, "那我找消协", 2)

    assert case.signs == 1
    assert case.type != Case.Type.COMPLAINT
    assert verify.differences() == []


def test_a_low_score_is_a_sign_and_a_good_one_is_none(zhou):
    wang = actor_of_contact(factories.wang_lei())
    bad, good = factories.case(), factories.case(title="另一件")
    for one in (bad, good):
        actions.accept_case(one, by=zhou, at=at(0.1))
        actions.solve_case(one, solution="answer", by=zhou, at=at(1))
    surveys.rate_case(bad, score=2, comment="问了三次才有人管", by=wang, at=at(2))
    surveys.rate_case(good, score=3, comment="", by=wang, at=at(2))
    react(2.1)

    bad.refresh_from_db()
    good.refresh_from_db()

    assert (bad.signs, good.signs) == (1, 0)
    assert ComplaintSign.objects.get().ground == ComplaintSign.Ground.SCORE
    made = actions.make_complaint(bad, accused=None, reason="评分 2", by=zhou, at=at(3))
    assert made.status == Case.Status.REOPENED
    assert made.type == Case.Type.COMPLAINT


def test_a_company_may_make_it_a_complaint_at_once(zhou):
    Rules.objects.create(detection=Rules.Detection.MAKE)
    case = factories.case(text="我要投诉")
    react()

    case.refresh_from_db()
    assert case.type == Case.Type.COMPLAINT
    none = actions.unmake_complaint(case, reason="误判", by=cast.actor(cast.chen_gang()), at=at(2))

    assert none.type == Case.Type.REQUEST
    case = wrote(case, "不是投诉啦", 3)
    assert case.type == Case.Type.REQUEST


def test_a_company_chooses_its_words():
    Rules.objects.create(complaint_words={"zh-hans": ["退货"]})
    case = factories.case(text="我要投诉，也要退货")
    react()

    assert [sign.word for sign in ComplaintSign.objects.filter(case=case)] == ["退货"]


def test_only_who_works_on_the_case_judges_it_and_only_who_leads_takes_it_back():
    case = factories.case(text="我要投诉")
    react()
    ola = cast.actor(cast.ola())

    for act in (
        lambda: actions.dismiss_signs(case, by=ola, at=at(1)),
        lambda: actions.make_complaint(case, accused=None, reason="x", by=ola, at=at(1)),
        lambda: actions.unmake_complaint(case, reason="x", by=cast.actor(cast.wu_qiang()), at=at(1)),
    ):
        with pytest.raises(Denied):
            act()


def test_an_urgent_promise_that_runs_gives_way_only_to_an_earlier_one(zhou):
    case = factories.case()
    early = actions.make_complaint(case, accused=None, reason="态度", by=zhou, at=at(1.9))

    owed = Promise.objects.filter(subject_id=early.pk, what=What.FIRST_RESPONSE).running().get()

    assert owed.due_at < at(2.5)
