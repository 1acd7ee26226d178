"""The same form sent again: by a second press, or after "back" with other words in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.fields.actions import publish_definition
from tightrope.people.models import User
from tightrope.portal.tests.test_journey import PNG, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(client):
    """What a stranger has sent; the same again by `client.post("/portal/report/", sent)`."""
    factories.policies()
    factories.category()
    facts = {
        "category": "leak",
        "form_token": token_in(client.get("/portal/report/?category=leak")),
        "title": "三楼机房空调漏水",
        "text": "从中午开始滴水。",
        "name": "王磊",
        "mail": "wang.lei@hengtong.example",
    }
    assert client.post("/portal/report/", facts).status_code == 302
    return facts


def words_in(case: Case) -> list[str]:
    said = Message.objects.filter(conversation_id=case.conversation_id, direction="in")
    return list(said.order_by("pk").values_list("text", flat=True))


def anew_in(answer) -> str:
    found = re.search(r'name="anew" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def test_unchanged_it_leads_to_the_case_and_says_so(client, sent):
    case = Case.objects.get()

    with clock.standing_at(cast.NOW + timedelta(minutes=3)):
        answer = client.post("/portal/report/", sent, follow=True)

    assert answer.redirect_chain[-1][0] == f"/s/{case.links.get().token}/thanks/"
    assert f"You reported this as {case.number} today" in answer.content.decode()
    assert Case.objects.count() == 1


def test_changed_it_asks_what_is_meant_and_makes_nothing(client, sent):
    case = Case.objects.get()

    answer = client.post("/portal/report/", {**sent, "text": "现在滴得更快。"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"You reported this as {case.number} " in html
    assert f'href="/s/{case.links.get().token}/"' in html
    assert "现在滴得更快。</textarea>" in html
    assert f"Add this to {case.number}" in html
    assert '<meta name="outcome" content="error">' in html
    assert Case.objects.count() == 1
    assert words_in(case) == ["从中午开始滴水。"]


def test_what_is_new_is_added_once_and_nothing_else(client, sent):
    case = Case.objects.get()
    changed = {**sent, "text": "现在滴得更快。", "mail": "wang@hengtong.example", "add": "1"}

    answers = [client.post("/portal/report/", changed) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {f"/s/{case.links.get().token}/#words"}
    assert words_in(case) == [
        "从中午开始滴水。",
        "现在滴得更快。\n\nYour mail address: wang@hengtong.example",
    ]
    assert Case.objects.count() == 1


def test_as_something_else_it_becomes_one_more_case_however_often_one_presses(client, sent):
    first = Case.objects.get()
    changed = {**sent, "title": "电梯停了", "text": "四号梯。"}
    again = {**changed, "anew": anew_in(client.post("/portal/report/", changed))}

    answers = [client.post("/portal/report/", again) for _ in range(2)]

    second = Case.objects.exclude(pk=first.pk).get()
    assert second.title == "电梯停了"
    assert {answer["Location"] for answer in answers} == {f"/s/{second.links.get().token}/thanks/"}


def test_a_photo_that_was_not_with_it_is_something_new(client, sent):
    def photo(name: str) -> dict[str, object]:
        return {**sent, "uploads": [SimpleUploadedFile(name, PNG)]}

    asked = client.post("/portal/report/", photo("板.png"))
    client.post("/portal/report/", {**photo("板.png"), "add": "1"})

    case = Case.objects.get()
    assert asked.status_code == 409
    assert "Please add your files once more: 板.png." in asked.content.decode()
    assert words_in(case) == ["从中午开始滴水。", ""]


def test_a_photo_that_was_with_it_is_not(client):
    factories.category()
    facts = {
        "category": "leak",
        "form_token": token_in(client.get("/portal/report/?category=leak")),
        "title": "漏水",
        "text": "漏",
        "name": "王磊",
        "phone": "13800001234",
    }
    answers = [
        client.post("/portal/report/", {**facts, "uploads": [SimpleUploadedFile("板.png", PNG)]})
        for _ in range(2)
    ]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Case.objects.count() == 1


def test_an_answer_that_was_changed_is_added_beside_its_question(client):
    factories.category("leak", form_key="ac")
    questions = [
        {"key": "code", "kind": "text", "names": {"en": "Code", "zh-hans": "故障码"}},
        {"key": "hurt", "kind": "yes_no", "names": {"en": "Is anybody hurt?", "zh-hans": "有人受伤吗？"}},
    ]
    publish_definition("ac", names={"en": "AC"}, questions=questions, by=SYSTEM, at=cast.NOW)
    facts = {
        "category": "leak",
        "form_token": token_in(client.get("/portal/report/?category=leak")),
        "title": "漏水",
        "text": "漏",
        "q_code": "E3",
        "name": "王磊",
        "phone": "13800001234",
    }
    client.post("/portal/report/", facts)

    client.post("/portal/report/", {**facts, "q_code": "E4", "q_hurt": "no", "add": "1"})

    assert words_in(Case.objects.get()) == ["漏", "Code: E4\n\nIs anybody hurt? No"]


def test_nothing_is_added_to_what_has_ended(client, sent):
    case = Case.objects.get()
    zhou = cast.actor(cast.zhou_min())
    cases.accept_case(case, by=zhou, at=cast.NOW)
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    cases.confirm_case(case, by=zhou, at=cast.NOW)

    answer = client.post("/portal/report/", {**sent, "text": "又漏了。", "add": "1"})

    assert answer.status_code == 409
    assert "nothing can be added there any more" in answer.content.decode()
    assert 'name="add"' not in answer.content.decode()
    assert words_in(case) == ["从中午开始滴水。"]


@pytest.mark.parametrize("changed", [{}, {"text": "又漏了。"}, {"text": "又漏了。", "add": "1"}])
def test_the_link_that_was_mailed_to_the_proven_address_is_not_shown_to_who_sends_the_form_again(
    client, sent, changed
):
    jobs.run_due()
    (proof,) = re.findall(r"/portal/confirm/[\w-]+/", Message.objects.get(direction="out").text)
    client.post(proof)
    case = Case.objects.get()
    mailed = case.links.get(revoked_at=None).token

    answer = client.post("/portal/report/", {**sent, **changed})

    assert answer.status_code == 409
    assert mailed not in answer.content.decode()
    assert "The link that was shown then has ended" in answer.content.decode()
    assert words_in(case) == ["从中午开始滴水。"]


def test_who_signed_in_on_the_same_computer_does_not_come_upon_what_another_sent(client, sent):
    contact = factories.wang_lei()
    user = User.objects.create(email="w@login.example", name="王磊")
    customers.link_user(contact, user, by=SYSTEM, at=cast.NOW)
    stranger = Case.objects.get()
    client.force_login(user)

    answer = client.post("/portal/report/", sent)

    own = Case.objects.exclude(pk=stranger.pk).get()
    assert own.contact == contact
    assert answer["Location"] == f"/portal/cases/{own.public_id}/"


def test_a_customer_who_is_signed_in_adds_to_his_case(client):
    factories.policies()
    factories.category()
    user = User.objects.create(email="w@login.example", name="王磊")
    customers.link_user(factories.wang_lei(), user, by=SYSTEM, at=cast.NOW)
    client.force_login(user)
    token = token_in(client.get("/portal/report/?category=leak"))
    facts = {"category": "leak", "form_token": token, "title": "漏水", "text": "漏"}
    client.post("/portal/report/", facts)

    answer = client.post("/portal/report/", {**facts, "text": "漏得更厉害了。", "add": "1"})

    case = Case.objects.get()
    assert answer["Location"] == f"/portal/cases/{case.public_id}/#words"
    assert words_in(case) == ["漏", "漏得更厉害了。"]


def test_in_a_frame_of_another_site_it_is_the_same(client):
    factories.category()
    address = "/portal/embed/leak/"
    token = token_in(client.get(address))
    facts = {"form_token": token, "title": "漏水", "text": "漏", "name": "路人", "phone": "13900001234"}
    client.post(address, facts)
    case = Case.objects.get()

    same = client.post(address, facts)
    asked = client.post(address, {**facts, "text": "漏得更厉害了。"})
    added = client.post(address, {**facts, "text": "漏得更厉害了。", "add": "1"})

    assert f"You reported this as {case.number}" in same.content.decode()
    assert asked.status_code == 409
    assert "We have your message." in added.content.decode()
    assert words_in(case) == ["漏", "漏得更厉害了。"]
