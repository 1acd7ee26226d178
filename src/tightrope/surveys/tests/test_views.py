"""The pages of surveys: the mailed question, the desk's list, the call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.surveys import actions
from tightrope.surveys.models import FollowUp, Survey
from tightrope.surveys.tests import factories

pytestmark = pytest.mark.django_db


def asked() -> Survey:
    survey = actions.ask_in_portal(factories.solved(), by=SYSTEM, at=cast.NOW)
    assert survey is not None
    return survey


def test_looking_at_a_tapped_score_records_nothing(client):
    survey = asked()

    page = client.get(f"/r/{survey.token}/?score=1")

    survey.refresh_from_db()
    assert survey.score is None
    assert 'value="1" required checked' in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"].startswith("noindex")


def test_one_press_records_the_score_without_signing_in(client):
    survey = asked()

    answer = client.post(f"/r/{survey.token}/", {"score": "2", "comment": "<script>alert(1)</script>"})

    survey.refresh_from_db()
    assert answer.status_code == 303
    assert survey.score == 2
    actions.open_follow_up(survey, by=SYSTEM, at=cast.NOW)
    thanks = client.get(answer["Location"]).content.decode()
    assert "call-promised" in thanks
    client.force_login(cast.gu_wei())
    for page in ("/surveys/", f"/surveys/calls/{FollowUp.objects.get().public_id}/"):
        html = client.get(page).content.decode()
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html


@pytest.mark.parametrize("score", ["0", "6", "", "x", "５"])
def test_a_score_that_was_not_offered_is_asked_again(client, score):
    survey = asked()

    answer = client.post(f"/r/{survey.token}/", {"score": score})

    survey.refresh_from_db()
    assert survey.score is None
    assert answer.status_code == 422


def test_the_second_question_comes_after_the_first_and_once_a_quarter(client):
    survey = asked()
    client.post(f"/r/{survey.token}/", {"score": "5"})
    assert "recommendation" in client.get(f"/r/{survey.token}/?thanks").content.decode()

    client.post(f"/r/{survey.token}/recommendation/", {"score": "9"})

    assert Survey.objects.get(kind="nps").score == 9
    assert "recommendation" not in client.get(f"/r/{survey.token}/?thanks").content.decode()
    second = actions.ask_in_portal(factories.solved(), by=SYSTEM, at=cast.NOW)
    client.post(f"/r/{second.token}/", {"score": "5"})
    assert "recommendation" not in client.get(f"/r/{second.token}/?thanks").content.decode()


def test_an_unknown_link_leads_nowhere(client):
    assert client.get("/r/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_the_desk_sees_calls_first_and_filters_answers(client):
    actions.open_follow_up(factories.rated(1, "太慢"), by=SYSTEM, at=cast.NOW)
    factories.rated(5, "很快")
    client.force_login(cast.gu_wei())

    page = client.get("/surveys/").content.decode()
    low = client.get("/surveys/?scores=low").content.decode()

    assert page.index("王磊") < page.index("很快")
    assert "太慢" in low
    assert "很快" not in low


def test_a_call_is_noted_on_its_page(client):
    call = actions.open_follow_up(factories.rated(1), by=SYSTEM, at=cast.NOW)
    client.force_login(cast.gu_wei())

    refused = client.post(f"/surveys/calls/{call.public_id}/", {"outcome": "settled", "note": ""})
    done = client.post(
        f"/surveys/calls/{call.public_id}/", {"outcome": "settled", "note": "说清楚了", "score_after": "4"}
    )

    call.refresh_from_db()
    assert refused.status_code == 422
    assert done.status_code == 303
    assert call.score_after == 4


def test_who_may_not_see_answers_sees_none(client):
    survey = factories.rated(1, "太慢")
    for person in (cast.he_yong(), cast.ola()):
        client.force_login(person)
        assert client.get("/surveys/").status_code == 403
        assert client.get(f"/surveys/{survey.public_id}/").status_code == 403


def test_a_member_of_another_team_does_not_find_the_answer(client):
    survey = factories.rated(1, "太慢")
    other = cast.person("li.na@hengyuan.example", "李娜", "service", cast.team("hotline"))
    client.force_login(other)

    assert client.get(f"/surveys/{survey.public_id}/").status_code == 404
    assert "太慢" not in client.get("/surveys/").content.decode()


def test_the_list_costs_the_same_however_long_it_is(client, django_assert_max_num_queries):
    for day in range(8):
        factories.rated(1 + day % 5, at=cast.NOW - timedelta(days=day))
    client.force_login(cast.gu_wei())
    client.get("/surveys/")

    with django_assert_max_num_queries(12):
        client.get("/surveys/")
