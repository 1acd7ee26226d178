"""The reception's log: who was received, what came of it, on the customer's line and as a list of the day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Reception
from tightrope.cases.tests import factories
from tightrope.cases.tests.test_views import browser
from tightrope.core import clock
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of_account

pytestmark = pytest.mark.django_db


def visit(**facts):
    return {
        "way": "visit", "visitor": "王磊", "company": "恒通数据", "purpose": "看备用机", "outcome": "settled",
        "note": "", "form_token": "t1", **facts,
    }  # fmt: skip


def logged(by=None, **facts):
    known = {"host": None, "account": None, "case": None, "came_at": cast.NOW, "at": cast.NOW}
    said = {name: value for name, value in visit().items() if name != "form_token"}
    return actions.log_reception(**said | known | facts, by=by or cast.actor(cast.zhou_min()))


def test_a_visit_stands_in_the_list_of_its_day_once_however_often_it_is_sent():
    client, host = browser(), cast.chen_gang()
    with clock.standing_at(cast.NOW):
        for _time in range(2):
            client.post(reverse("cases:reception"), visit(host=host.pk))
        page = client.get(reverse("cases:reception")).content.decode()
        yesterday = client.get(reverse("cases:reception"), {"day": "2026-11-17"}).content.decode()

    assert Reception.objects.count() == 1
    assert "看备用机" in page
    assert "陈刚" in page
    assert "看备用机" not in yesterday


def test_what_became_a_case_names_it_and_stands_on_the_customers_line():
    case = factories.case()
    zhou = cast.actor(cast.zhou_min())
    with pytest.raises(actions.EmptyText):
        logged(outcome="case")

    reception = logged(outcome="case", case=case)

    assert reception.account == case.account
    line = events_of_account(case.account_id, by=zhou)[0]
    received = next(event for event in line if event.kind == "reception.logged")
    assert received.facts["case"] == case.number


def test_the_spreadsheet_of_a_day_holds_no_formula():
    logged(visitor="=HYPERLINK(1)", purpose="送合同")

    with clock.standing_at(cast.NOW):
        answer = browser().get(reverse("cases:reception_csv"), {"day": "2026-11-18"})

    table = answer.content.decode()
    assert "'=HYPERLINK(1)" in table
    assert "送合同" in table
    assert answer["Content-Disposition"] == 'attachment; filename="reception-2026-11-18.csv"'


def test_nobody_comes_in_the_future_or_without_a_name():
    with pytest.raises(actions.ToldInFuture):
        logged(came_at=cast.NOW + timedelta(hours=1))
    with pytest.raises(actions.EmptyText):
        logged(visitor=" ")
    assert browser().post(reverse("cases:reception"), visit(visitor="", form_token="t2")).status_code == 422
    assert browser().post(reverse("cases:reception"), visit(case="C-0", form_token="t3")).status_code == 422


def test_who_sees_no_cases_sees_no_visitors():
    logged()

    with pytest.raises(Denied):
        logged(by=cast.actor(cast.ola()))
    assert not Reception.objects.visible_to(cast.actor(cast.ola())).exists()
    assert browser(cast.ola()).get(reverse("cases:reception")).status_code == 403


def test_a_day_that_cannot_be_read_is_today():
    with clock.standing_at(cast.NOW):
        page = browser().get(reverse("cases:reception"), {"day": "2026-99-99"}).content.decode()

    assert "2026-11-18" in page


def test_a_day_of_the_reception_is_called_as_days_are_called_everywhere():
    with clock.standing_at(cast.NOW):
        page = browser().get(reverse("cases:reception"), {"day": "2026-11-17"}).content.decode()

    assert "11月17日 周二" in page
