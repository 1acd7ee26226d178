"""Every figure equals a count by hand, and the pages read what was reckoned."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.customers.queries import actor_of_contact
from tightrope.measures import actions, queries
from tightrope.measures.dictionary import MEASURES
from tightrope.measures.models import Snapshot, Week
from tightrope.surveys.tests import factories as answers

pytestmark = pytest.mark.django_db


def at(hours: float) -> object:
    return cast.NOW + timedelta(hours=hours)


@pytest.fixture
def _three_cases():
    factories.policies()
    zhou = cast.actor(cast.zhou_min())
    wang = actor_of_contact(factories.wang_lei())
    early = factories.case()
    cases.send_reply(early, text="请重启。", by=zhou, at=at(1))
    cases.solve_case(early, solution="answer", by=zhou, at=at(2))
    cases.reopen_case(early, reason="没好", by=wang, at=at(3))
    cases.solve_case(early, solution="answer", by=zhou, at=at(4))
    late = factories.case()
    cases.send_reply(late, text="好的。", by=zhou, at=at(3))
    factories.case(told_at=at(-1))


@pytest.mark.usefixtures("_three_cases")
def test_figures_equal_a_count_by_hand():
    figures = queries.reckoned(since=at(-24), until=at(24), at=at(24))

    assert figures["told"] == 3
    assert figures["backlog"] == 2
    assert figures["first_response"] == 2.0
    assert figures["resolution"] == 4.0
    assert figures["reopened"] == 1.0
    assert figures["csat"] is None


@pytest.mark.usefixtures("_three_cases")
def test_the_manager_reads_what_was_taken(client):
    with clock.standing_at(at(5)):
        actions.take_figures(at=at(5))
        actions.count_months()
        client.force_login(cast.gu_wei(), backend="django.contrib.auth.backends.ModelBackend")

        start = client.get(reverse("measures:start"))
        overview = client.get(reverse("measures:overview"))

    assert start.status_code == 200
    assert overview.status_code == 200
    assert queries.months()[0][1]["solved"] == 1


def _snapshot(figures: dict[str, object], before: dict[str, object]) -> None:
    Snapshot.objects.create(
        scope=queries.COMPANY,
        period_days=30,
        taken_at=cast.NOW,
        figures=figures,
        before=before,
        before_at=cast.NOW,
    )


def _shown(code: str) -> queries.Shown:
    return next(one for one in queries.figures_of()[0] if one.measure.code == code)


def test_a_figure_is_compared_with_the_equally_long_period_before_and_with_no_week():
    _snapshot({"csat": 0.9, "csat_count": 40}, {"csat": 0.8, "csat_count": 30})
    Week.objects.create(
        scope=queries.COMPANY, begins_on=date(2026, 11, 9), figures={"csat": 0.1, "csat_count": 50}
    )

    assert _shown("csat").change == pytest.approx(0.1)


@pytest.mark.parametrize(("now", "before"), [(4, 40), (40, 4)])
def test_too_few_rows_now_or_before_are_compared_with_nothing(now, before):
    _snapshot({"csat": 0.25, "csat_count": now}, {"csat": 0.8, "csat_count": before})

    shown = _shown("csat")

    assert shown.change is None
    assert shown.value == (None if now < 5 else 0.25)
    assert shown.count == (4 if now < 5 else None)


@pytest.mark.parametrize(("counts", "drawn"), [([9, 9, 9, 3], 0), ([9, 9, 9, 9, 2], 5)])
def test_a_trend_of_too_few_weeks_is_not_drawn(counts, drawn):
    _snapshot({}, {})
    for back, count in enumerate(counts):
        Week.objects.create(
            scope=queries.COMPANY,
            begins_on=date(2026, 11, 9) - timedelta(weeks=back),
            figures={"csat": 0.8, "csat_count": count},
        )

    assert len(_shown("csat").points) == drawn


@pytest.mark.usefixtures("_three_cases")
def test_the_period_before_is_reckoned_once_an_hour():
    actions.take_figures(at=at(5))
    first = Snapshot.objects.get(scope=queries.COMPANY).before_at
    actions.take_figures(at=at(5.5))
    still = Snapshot.objects.get(scope=queries.COMPANY).before_at
    actions.take_figures(at=at(6.1))

    assert (first, still) == (at(5), at(5))
    assert Snapshot.objects.get(scope=queries.COMPANY).before_at == at(6.1)


def test_nobody_signed_in_is_led_to_a_door(client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login")


@pytest.mark.usefixtures("_three_cases")
def test_the_backlog_of_a_past_instant_is_recounted():
    then = queries.reckoned(since=at(-24), until=at(3.5), at=at(48))
    now = queries.reckoned(since=at(-24), until=at(48), at=at(48))

    assert then["backlog"] == 3
    assert now["backlog"] == 2


def test_the_satisfaction_of_thirty_days_opens_the_answers_it_counts(client):
    answers.rated(5, "很快", at=at(-24 * 5))
    answers.rated(1, "太慢", at=at(-24 * 60))
    client.force_login(cast.gu_wei())

    with clock.standing_at(at(0)):
        opened = client.get(MEASURES["csat"].rows).content.decode()
        quarter = client.get(reverse("surveys:list")).content.decode()

    assert "很快" in opened
    assert "太慢" not in opened
    assert "近 30 天满意度" in opened
    assert "太慢" in quarter
    assert "近 90 天满意度" in quarter


def test_every_figure_opens_a_page_that_its_reader_may_see(client):
    client.force_login(cast.gu_wei())

    for measure in MEASURES.values():
        assert client.get(measure.rows).status_code == 200, measure.code
