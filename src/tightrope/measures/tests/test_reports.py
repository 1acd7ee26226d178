"""The reports equal a count by hand, open their rows, show each doer what is his, and ask the database little."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.customers.queries import actor_of_contact
from tightrope.measures import actions, comparing, delivery, intake, passages, stalling
from tightrope.measures.access import Can
from tightrope.measures.models import Passage
from tightrope.measures.passages import Wanted
from tightrope.measures.tables import Cell, Column, Line, Table
from tightrope.people.models import Team
from tightrope.promises import actions as promises
from tightrope.promises.models import Promise, Source, What

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = cast.NOW + timedelta(hours=55)
PAGES = ("stalling", "departments", "solutions", "clarifications", "sales", "delivery", "mine", "passages")


def at(hours: float):
    return cast.NOW + timedelta(hours=hours)


@pytest.fixture
def gu():
    found = cast.actor(cast.gu_wei())
    assert found.may(Can.VIEW)
    return found


@pytest.fixture(autouse=True)
def _history():
    """Six cases of 周敏, the first of which stalls: put off, waited without a question, opened again."""
    factories.policies()
    zhou, chen = cast.actor(cast.zhou_min()), cast.actor(cast.chen_gang())
    wang = actor_of_contact(factories.wang_lei())
    leak = factories.category("leak")
    made = [factories.case(team=cast.team("desk"), category=leak, form_version=1 + n // 5) for n in range(6)]
    stalls, *others = made
    promise = Promise.objects.get(subject_id=stalls.pk, what=What.RESOLUTION)
    promises.replace_promise(
        promise,
        stalls,
        due_at=promise.due_at + timedelta(days=3),
        reason="缺件",
        source=Source.SUPPLIER,
        by=chen,
        at=at(1),
    )
    cases.wait_for_customer(stalls, waiting_for="照片", source=Source.SUPERIOR, by=zhou, at=at(2))
    cases.solve_case(stalls, solution="answer", by=zhou, at=at(5))
    cases.reopen_case(stalls, reason="没好", by=wang, at=at(6))
    for other in others:
        cases.send_reply(other, text="请重启。", by=zhou, at=at(1))
        cases.solve_case(other, solution="answer", by=zhou, at=at(2))
    actions.take_courses(at=NOW)


def line_of(table: Table, name: str) -> dict[str, object]:
    [line] = [line for line in table.lines if line.name.startswith(name)]
    return {code: cell.value for code, cell in line.cells.items()}


def test_stalling_is_counted_by_case_person_department_and_instruction(gu):
    report = stalling.report(Wanted(), by=gu, at=NOW)
    by_case, by_person, by_team, by_source = report.tables

    assert [tile.value for tile in report.tiles] == [1, 0, 1, 1, 1]
    assert len(by_case.lines) == 1
    assert line_of(by_case, "C-")["total"] == 4
    assert line_of(by_person, "周敏") == {
        "put_off": 0, "came_back": 0, "empty_wait": 1, "silence": 1, "reopened": 1, "carried": 6, "total": 3,
    }  # fmt: skip
    assert line_of(by_person, "陈刚")["put_off"] == 1
    assert line_of(by_team, "Desk")["total"] == 4
    sources = {line.name: {code: cell.value for code, cell in line.cells.items()} for line in by_source.lines}
    assert sources[Source.SUPPLIER.label]["put_off"] == 1
    assert sources[Source.SUPERIOR.label]["empty_wait"] == 1


@pytest.mark.parametrize(
    "maker",
    [stalling.report, comparing.departments, comparing.solutions, intake.clarifications, intake.sales],
)
def test_every_count_opens_as_many_rows_as_it_says(gu, maker):
    report = maker(Wanted(), by=gu, at=NOW)
    figures = [(tile.value, tile.url) for tile in report.tiles if tile.unit == "count"]
    for table in report.tables:
        counts = [column.code for column in table.columns if column.unit == "count" and column.code != "open"]
        figures += [(line.cells[code].value, line.cells[code].url) for line in table.lines for code in counts]

    for value, url in figures:
        if url:
            asked = {name: said[0] for name, said in parse_qs(urlsplit(url).query).items()}
            found = passages.rows(Wanted.from_address(asked), by=gu, at=NOW, after=None)
            assert len(found.rows) == value, url


def test_a_case_that_was_opened_again_counts_against_its_solver_and_category(gu):
    report = comparing.solutions(Wanted(), by=gu, at=NOW)
    by_solver, by_category = report.tables

    assert line_of(by_solver, "周敏") == {"solved": 6, "reopened": 1, "rate": pytest.approx(1 / 6)}
    assert line_of(by_category, "leak")["told"] == 6
    assert line_of(by_category, "leak")["reopened"] == 1


def test_of_fewer_than_five_no_rate_is_shown(gu):
    Passage.objects.filter(kind="solved").exclude(case=Case.objects.order_by("pk").first()).delete()

    [by_solver, _by_category] = comparing.solutions(Wanted(), by=gu, at=NOW).tables

    assert line_of(by_solver, "周敏") == {"solved": 1, "reopened": 1, "rate": None}


def test_departments_stand_side_by_side_and_the_slowest_hand_over_is_named(gu):
    case = Case.objects.order_by("pk").first()
    experts = cast.team("experts", tier=2, is_department=True)
    cases.hand_over_case(case, team=experts, reason="查 E3", by=cast.actor(cast.zhou_min()), at=at(7))
    actions.take_courses(at=NOW)

    by_team, slowest = comparing.departments(Wanted(), by=gu, at=NOW).tables

    assert line_of(by_team, "Desk")["count"] == 6
    assert line_of(by_team, "Experts")["handed"] == 1
    assert slowest.lines[0].name.startswith(case.number)
    assert slowest.lines[0].cells["untaken"].value == pytest.approx(16)  # Wednesday 17:00 to Friday 17:00
    assert Team.objects.get(pk=experts.pk).name == slowest.lines[0].cells["team"].value


def test_rounds_are_compared_between_versions_of_a_form(gu):
    Case.objects.update(form_version=1)
    for _number in range(5):
        factories.case(category=factories.category("leak"), form_version=2)
    actions.take_courses(at=NOW)
    first = Case.objects.order_by("pk").first()
    for minute in range(6):
        Passage.objects.create(case=first, kind="clarified", at=at(1 + minute / 60))

    [table] = intake.clarifications(Wanted(), by=gu, at=NOW).tables

    newest, before = table.lines
    assert (before.cells["rounds"].value, before.cells["per_case"].value) == (6, 1.0)
    assert (newest.cells["per_case"].value, newest.cells["change"].value) == (0.0, -1.0)


def test_sales_sees_what_it_entered_and_how_long_it_carried_it(gu):
    he = cast.he_yong()
    case = factories.case(
        channel=Case.Channel.SALES,
        by=cast.actor(he),
        owner=he,
        told_at=at(0),
        at=at(1),
        team=cast.team("sales"),
    )
    cases.assign_case(case, owner=cast.zhou_min(), team=None, version=case.version, by=gu, at=at(4))
    actions.take_courses(at=NOW)

    report = intake.sales(Wanted(), by=gu, at=NOW)

    assert report.tiles[0].value == 1
    assert line_of(report.tables[0], "何勇")["own"] == pytest.approx(3)  # 10:00 to 14:00 without the break
    assert line_of(report.tables[0], "何勇")["count"] == 1


def test_what_was_promised_is_exceeded_met_or_missed_by_person_month_category_and_account(gu):
    report = delivery.report(Wanted(), by=gu, at=NOW)
    by_month, by_person, by_category, by_account = report.tables
    decided = report.tiles[0].value

    for table, name in ((by_month, "2026-11"), (by_category, "leak"), (by_account, "恒通")):
        line = line_of(table, name)
        assert line["decided"] == decided
        assert line["exceeded"] + line["met"] + line["below"] == decided
    assert line_of(by_person, "周敏")["decided"] == decided


def test_every_outcome_opens_as_many_promises_as_it_says(client, gu):
    report = delivery.report(Wanted(), by=gu, at=NOW)
    client.force_login(cast.gu_wei(), backend=BACKEND)
    figures = {
        cell.url: cell.value
        for table in report.tables
        for line in table.lines
        for code, cell in line.cells.items()
        if code in {"decided", "exceeded", "met", "below"}
    }

    with clock.standing_at(NOW):
        shown = {url: len(client.get(url).context["rows"]) for url in figures}

    assert shown == figures


def test_whoever_may_see_no_figures_sees_his_own(client):
    wu = cast.wu_qiang()
    Passage.objects.create(case=Case.objects.first(), kind="reopened", at=at(3), user=wu)
    client.force_login(wu, backend=BACKEND)

    with clock.standing_at(NOW):
        mine = client.get(reverse("measures:mine"))
        rows = client.get(reverse("measures:passages"), {"kind": "reopened"})
        others = client.get(reverse("measures:stalling"))

    assert mine.context["report"].tiles[4].value == 1
    assert [row.user_id for row in rows.context["page"].rows] == [wu.pk]
    assert others.status_code == 403


def test_a_customer_reaches_no_figures(client):
    for name in PAGES:
        assert client.get(reverse(f"measures:{name}")).status_code in (302, 403)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_few_statements_however_much_stands_on_it(client, name, django_assert_max_num_queries):
    client.force_login(cast.gu_wei(), backend=BACKEND)

    with clock.standing_at(NOW):
        client.get(reverse(f"measures:{name}"))
        with django_assert_max_num_queries(26):
            answer = client.get(reverse(f"measures:{name}"), {"days": "90", "order": "total"})

    assert answer.status_code == 200


def test_columns_sort_both_ways_and_what_is_not_known_stands_last():
    lines = [Line(str(value), {"n": Cell(value)}) for value in (2, None, 3, 1)]
    table = Table("t", "h", [Column("n", "N")], lines)

    assert [line.name for line in table.in_order("n").lines] == ["3", "2", "1", "None"]
    assert [line.name for line in table.in_order("-n").lines] == ["1", "2", "3", "None"]
    assert table.in_order("gone") is table


def test_unknown_words_in_an_address_are_ignored():
    wanted = Wanted.from_address(
        {"days": "7", "kind": "'; DROP", "person": "²", "source": "cat", "channel": "x"}
    )

    assert wanted == Wanted()
