"""Acts on several cases at once: the act on one, case by case, and what the list says afterwards."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.people.models import User
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db

LATER = cast.NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _half_past_ten():
    factories.policies()
    with clock.standing_at(LATER):
        yield


@pytest.fixture
def cases() -> list[Case]:
    """Three cases that nobody has accepted."""
    return [factories.case(title=f"第 {n} 件") for n in (1, 2, 3)]


def browser(user: User | None = None, *, htmx: bool = False) -> Client:
    """A browser in which the lead is signed in, or somebody else."""
    client = Client(headers={"HX-Request": "true"} if htmx else None)
    client.force_login(user or cast.chen_gang(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def boxes(cases: list[Case]) -> list[str]:
    """What the boxes of these cases send."""
    return [f"{case.public_id}.{case.version}" for case in cases]


def to(noun: str) -> str:
    """The address of an act on several."""
    return reverse(f"cases:several_{noun}")


def assigned(cases: list[Case], to_whom: User, **facts: Any) -> dict[str, Any]:
    return {"case": boxes(cases), "form_token": "t", "back": "view=open", "owner": to_whom.pk, **facts}


def kinds(case: Case, kind: str) -> int:
    return sum(event.kind == kind for event in events_of("case", case.pk, by=SYSTEM, limit=100)[0])


def test_the_list_beside_a_case_stays_as_short_when_it_is_asked_for_anew():
    for number in range(22):
        factories.case(title=f"第 {number} 件")
    client = browser(htmx=True)

    assert len(client.get(reverse("cases:queue"), {"beside": 1}).context["rows"]) == 20
    assert len(client.get(reverse("cases:queue")).context["rows"]) == 22


def test_each_row_of_the_queue_has_a_box_and_the_rows_beside_a_case_have_none(cases):
    client = browser()

    queue = client.get(reverse("cases:queue")).content.decode()
    case = client.get(reverse("cases:case", args=[cases[0].public_id])).content.decode()
    beside = browser(htmx=True).get(reverse("cases:queue"), {"beside": 1}).content.decode()

    for one in cases:
        assert f'value="{one.public_id}.{one.version}" aria-label="{one.number}"' in queue
    assert to("assignment") in queue
    assert "beside=1" in case
    for page in (case, beside):
        assert cases[1].title in page
        assert 'type="checkbox" name="case"' not in page


def test_whoever_may_only_look_is_offered_no_boxes():
    he = cast.he_yong()
    factories.case(title="何勇报的", by=cast.actor(he))

    page = browser(he).get(reverse("cases:queue")).content.decode()

    assert "何勇报的" in page
    assert 'form="several"' not in page
    assert 'id="several"' not in page


def test_everybody_is_offered_what_is_his_to_do(cases):
    page = browser(cast.zhou_min()).get(reverse("cases:queue")).content.decode()

    assert to("handover") in page
    assert to("rejection") not in page


def test_the_form_names_the_cases_and_asks_for_a_person(cases):
    answer = browser().get(to("assignment"), {"case": boxes(cases[:2]), "back": "view=late"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert cases[0].number in page
    assert cases[1].number in page
    assert cases[2].number not in page
    assert page.count('type="hidden" name="case"') == 2
    assert 'value="view=late"' in page


def test_without_a_choice_the_list_says_so():
    answer = browser().get(to("assignment"), {"back": "view=late"}, follow=True)

    assert answer.redirect_chain == [(reverse("cases:queue") + "?view=late", 303)]
    assert "请至少选择一件个案" in answer.content.decode()


def test_all_are_given_to_one_person_by_the_act_on_one(cases):
    client, zhou = browser(), cast.zhou_min()

    answer = client.post(to("assignment"), assigned(cases, zhou), follow=True)

    assert answer.redirect_chain == [(reverse("cases:queue") + "?view=open", 303)]
    assert f"3 件个案已分派给 {zhou.name}。" in answer.content.decode()
    for case in cases:
        team = case.team_id
        case.refresh_from_db()
        assert (case.owner_id, case.team_id) == (zhou.pk, team)
        assert kinds(case, "case.assigned") == 1
    assert "case-outcome" not in client.get(reverse("cases:queue")).content.decode()  # said once


def test_whoever_was_quicker_keeps_the_case_and_no_other_waits_for_it(cases):
    sent = assigned(cases, cast.zhou_min())
    actions.accept_case(cases[1], by=cast.actor(cast.xu_jing()), at=LATER)

    answer = browser().post(to("assignment"), sent, follow=True)

    page = unescape(answer.content.decode())
    assert list(Case.objects.order_by("pk").values_list("owner__name", flat=True)) == ["周敏", "许静", "周敏"]
    assert f'href="{reverse("cases:case", args=[cases[1].public_id])}">{cases[1].number}</a>' in page
    assert "许静" in page


def test_a_finished_case_is_refused_with_its_sentence_and_its_link(cases):
    actions.reject_case(cases[0], reason="广告", by=cast.actor(cast.chen_gang()), at=LATER)
    cases[0].refresh_from_db()

    answer = browser().post(to("assignment"), assigned(cases, cast.zhou_min()), follow=True)

    outcome = answer.context["outcome"]
    assert [one["number"] for one in outcome["refused"]] == [cases[0].number]
    assert "已结束的个案" in outcome["refused"][0]["why"]
    assert Case.objects.filter(owner=cast.zhou_min()).count() == 2


def test_a_second_press_does_nothing_twice_and_says_the_same(cases):
    client = browser()
    sent = {
        "case": boxes(cases),
        "form_token": "t",
        "reason": "都在华东",
        "source": "self",
        "team": cast.team("l2").pk,
    }

    first = client.post(to("handover"), sent, follow=True)
    second = client.post(to("handover"), sent, follow=True)

    assert first.context["outcome"] == second.context["outcome"]
    for case in cases:
        case.refresh_from_db()
        assert (case.team.code, case.reroutings) == ("l2", 1)
        assert kinds(case, "case.handed_over") == 1


def test_a_case_outside_of_ones_reach_is_left_alone_and_not_named(cases):
    """An engineer sees the cases of his region; of the others he learns nothing by sending their names."""
    sent = {"case": boxes(cases), "form_token": "t", "tags": "华东"}

    answer = browser(cast.wu_qiang()).post(to("tags"), sent, follow=True)

    assert answer.context["outcome"] == {"done": "", "refused": [], "gone": 3}
    assert not Case.objects.exclude(tags=[]).exists()


def test_what_is_not_the_doers_to_do_is_refused_case_by_case(cases):
    """沈丽 sees every case and works on those of her team."""
    shen = cast.shen_li()
    lead, quality = cast.actor(cast.chen_gang()), cast.team("quality")
    actions.hand_over_case(cases[1], team=quality, reason="批次问题", by=lead, at=LATER)

    answer = browser(shen).post(
        to("tags"), {"case": boxes(cases), "form_token": "t", "tags": "E3"}, follow=True
    )

    outcome = answer.context["outcome"]
    assert [one["number"] for one in outcome["refused"]] == [cases[0].number, cases[2].number]
    assert {one["why"] for one in outcome["refused"]} == {"您无权对其执行此操作。"}
    assert list(Case.objects.order_by("pk").values_list("tags", flat=True)) == [[], ["E3"], []]


def test_a_case_that_is_locked_by_somebody_is_said_to_be_busy(cases, monkeypatch):
    class Locked(Exception):
        sqlstate = "55P03"

    def locked(case: Case, **_facts: Any) -> Case:
        raise OperationalError("lock timeout") from Locked()

    monkeypatch.setattr(actions, "tag_case", locked)

    answer = browser().post(
        to("tags"), {"case": boxes(cases[:1]), "form_token": "t", "tags": "x"}, follow=True
    )

    assert [one["number"] for one in answer.context["outcome"]["refused"]] == [cases[0].number]


def test_a_case_that_carries_too_many_tags_keeps_its_own_and_says_so(cases):
    full = [f"标签{number}" for number in range(20)]
    actions.tag_case(cases[0], tags=full, by=cast.actor(cast.chen_gang()), at=LATER)

    answer = browser().post(
        to("tags"), {"case": boxes(cases[:2]), "form_token": "t", "tags": "台风"}, follow=True
    )

    assert [one["number"] for one in answer.context["outcome"]["refused"]] == [cases[0].number]
    assert list(Case.objects.order_by("pk").values_list("tags", flat=True)) == [full, ["台风"], []]


def test_tags_join_those_a_case_carries(cases):
    actions.tag_case(cases[0], tags=["旧"], by=cast.actor(cast.chen_gang()), at=LATER)

    browser().post(to("tags"), {"case": boxes(cases[:2]), "form_token": "t", "tags": "台风"})

    assert list(Case.objects.order_by("pk").values_list("tags", flat=True)) == [["旧", "台风"], ["台风"], []]


def test_severity_and_rejection_take_one_reason_for_all(cases):
    client = browser()
    severe = {"case": boxes(cases[:2]), "form_token": "a", "impact": 3, "urgency": 3, "reason": "台风"}
    spam = {"case": boxes(cases[2:]), "form_token": "b", "outcome": "spam", "reason": "群发广告"}

    client.post(to("severity"), severe)
    client.post(to("rejection"), spam)

    assert list(Case.objects.order_by("pk").values_list("impact", "status")) == [
        (3, "received"),
        (3, "received"),
        (2, "rejected"),
    ]


def test_a_missing_reason_is_asked_for_and_nothing_is_done(cases):
    answer = browser(htmx=True).post(
        to("rejection"), {"case": boxes(cases), "form_token": "t", "outcome": "spam"}
    )

    assert answer.status_code == 422
    assert answer.content.decode().count('type="hidden" name="case"') == 3
    assert not Case.objects.filter(status="rejected").exists()


def test_more_than_two_hundred_are_not_acted_on_at_once(cases):
    many = [f"{'x' * 19}{n:03}.1" for n in range(201)]

    asked = browser().get(to("tags"), {"case": many}, follow=True)
    done = browser().post(to("tags"), {"case": many, "form_token": "t", "tags": "x"})

    assert "200" in asked.content.decode()
    assert done.status_code == 422


def test_with_htmx_the_list_is_asked_for_anew_where_it_stood(cases):
    answer = browser(htmx=True).post(
        to("assignment"), assigned(cases, cast.zhou_min(), back="view=late&evil=1")
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == reverse("cases:queue") + "?view=late"


def test_a_page_that_has_become_empty_begins_anew(cases):
    from tightrope.cases.views.queue import own_address
    from tightrope.core.paging import _encoded

    mark = _encoded([None, 9, 10**9])

    page = browser().get(reverse("cases:queue"), {"after": mark}).content.decode()

    assert cases[0].title in page
    assert own_address(browser().get(reverse("cases:queue"), {"after": mark}).wsgi_request.GET).startswith(
        "view=open&"
    )
