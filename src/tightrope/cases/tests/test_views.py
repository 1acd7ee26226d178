"""The desk as staff use it: the queue, a case, and its acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_o_clock():
    factories.policies()
    with clock.standing_at(cast.NOW + timedelta(minutes=30)):
        yield


def browser(user: User | None = None, *, htmx: bool = False) -> Client:
    """A signed-in browser; with `htmx` it asks for fragments."""
    client = Client(headers={"HX-Request": "true"} if htmx else None)
    client.force_login(user or cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(case: Case, noun: str = "case", *more: Any) -> str:
    """The address of a case, or of one of its nouns."""
    return reverse(f"cases:{noun}", args=[case.public_id, *more])


def test_the_queue_shows_what_is_to_do_by_promise_and_priority():
    late = factories.case(title="后说的", told_at=cast.NOW)
    first = factories.case(title="先说的", told_at=cast.NOW - timedelta(hours=1))

    page = browser().get(reverse("cases:queue")).content.decode()

    assert page.index(first.title) < page.index(late.title)
    assert first.number in page


def test_a_case_says_what_is_promised_and_what_was_said():
    case = factories.case()

    page = browser().get(at(case)).content.decode()

    assert case.title in page
    assert "面板显示 E3" in page
    assert "promise-figure" in page
    assert factories.hengtong().name in page


def test_whoever_sees_no_cases_enters_neither_queue_nor_case():
    case = factories.case()
    ola = browser(cast.ola())

    assert ola.get(reverse("cases:queue")).status_code == 403
    assert ola.get(at(case)).status_code == 403


def test_a_case_outside_of_ones_reach_does_not_exist():
    case = factories.case()
    engineer = browser(cast.wu_qiang())

    assert engineer.get(at(case)).status_code == 404
    assert engineer.post(at(case, "notes"), {"body": "x"}).status_code == 404


def test_accepting_names_the_owner_and_the_second_is_told():
    case = factories.case()

    first = browser().post(at(case, "acceptance"))
    second = browser(cast.chen_gang()).post(at(case, "acceptance"))

    assert first.status_code == 303
    assert second.status_code == 409
    assert "周敏" in second.content.decode()


def test_an_answer_is_sent_once_however_often_the_button_is_pressed():
    case = factories.case()
    client = browser()
    facts = {"text": "请先关闭 2 号机。", "form_token": "t1"}

    client.post(at(case, "replies"), facts)
    client.post(at(case, "replies"), facts)

    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1
    case.refresh_from_db()
    assert case.status == Case.Status.ACCEPTED


def test_answering_past_a_new_word_shows_both_texts():
    case = factories.case()
    client = browser()
    actions.send_reply(
        case, text="我已经回复了。", by=cast.actor(cast.chen_gang()), at=cast.NOW + timedelta(minutes=5)
    )

    answer = client.post(
        at(case, "replies"), {"text": "我的回复", "form_token": "t2", "seen_until": cast.NOW.isoformat()}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我已经回复了。" in page
    assert "我的回复" in page
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1


def test_send_and_wait_pauses_the_clocks():
    case = factories.case()

    browser().post(
        at(case, "replies"),
        {"text": "请发照片", "then": "wait", "waiting_for": "机房照片", "form_token": "t"},
    )

    case.refresh_from_db()
    assert (case.status, case.waiting_for) == ("waiting", "机房照片")


def test_send_and_solve_needs_to_know_how():
    case = factories.case()

    answer = browser().post(
        at(case, "replies"), {"text": "好了", "then": "solve", "solution": "", "form_token": "t"}
    )

    assert answer.status_code == 422
    assert "好了" in answer.content.decode()


@pytest.mark.parametrize(
    "noun",
    [
        "assignment", "handover", "waiting", "solution", "reopening", "merge", "rejection", "severity", "category",
        "title", "tags", "customer", "complaint", "cause", "calls",
    ],
)  # fmt: skip
def test_each_act_asks_on_a_page_of_its_own(noun):
    case = factories.case()

    answer = browser(cast.chen_gang()).get(at(case, noun))

    assert answer.status_code == 200
    assert "<form" in answer.content.decode()


def test_what_htmx_puts_in_place_is_what_a_reload_shows():
    case = factories.case()
    after = browser(htmx=True).post(at(case, "acceptance")).content.decode()
    reloaded = browser().get(at(case)).content.decode()

    assert core_of(after) == core_of(reloaded)
    assert (
        browser(htmx=True).get(reverse("cases:queue")).content.decode().strip()
        in browser().get(reverse("cases:queue")).content.decode()
    )


def core_of(page: str) -> str:
    """The part that is swapped, without what differs in every answer."""
    import re

    main = page[page.index('id="main"') : page.rindex("</aside>")]
    main = re.sub(r'(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", main)
    return re.sub(r"\s+", " ", main)
