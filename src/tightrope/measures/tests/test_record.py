"""Auditors take the record out; that they did is part of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Scope
from tightrope.core.paging import BadCursor
from tightrope.measures import actions, record
from tightrope.measures.access import Can
from tightrope.people.access import Denied
from tightrope.people.actions import make_key
from tightrope.people.models import Installation
from tightrope.timeline import exported, verify
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
PAGE = "measures:record"


@pytest.fixture
def later():
    """An hour after everything that the tests write, by the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        at = cursor.fetchone()[0] + timedelta(hours=1)
    with clock.standing_at(at):
        yield at


@pytest.fixture
def auditor(client):
    client.force_login(cast.administrator())
    return client


def read(response):
    return b"".join(response.streaming_content).decode().splitlines(keepends=True)


def exports():
    events, _older = events_of("installation", Installation().pk, by=SYSTEM)
    return [event for event in events if event.kind == "record.exported"]


def test_the_whole_record_is_downloaded_checked_and_the_download_is_on_record(auditor, later):
    factories.case()

    lines = read(auditor.post(reverse(PAGE)))

    found = exported.check(lines)
    assert (found.faults, found.left_out) == ([], 0)
    assert "case.opened" in {json.loads(line).get("kind") for line in lines}
    [event] = exports()
    assert (event.facts, event.actor_id) == ({"part": {}, "words": ""}, cast.administrator().pk)
    assert verify.broken_chains() == []


def test_a_case_is_exported_by_its_number_and_a_customer_by_his(auditor, later):
    case, other = factories.case(), factories.case()

    by_case = read(auditor.post(reverse(PAGE), {"case": case.number}))
    by_customer = read(auditor.post(reverse(PAGE), {"customer": case.account.number}))

    assert {json.loads(line)["stream"] for line in by_case[1:-1]} == {f"case:{case.pk}"}
    streams = {json.loads(line)["stream"] for line in by_customer[1:-1]}
    assert {f"case:{case.pk}", f"case:{other.pk}", f"account:{case.account_id}"} <= streams
    assert exported.check(by_case).faults == exported.check(by_customer).faults == []
    assert [event.facts["words"] for event in exports()] == [case.account.number, case.number]


def test_days_and_a_person_narrow_the_record_and_the_last_day_is_in_it(auditor, later):
    zhou = cast.zhou_min()
    case = factories.case(at=cast.NOW)
    cases.send_reply(case, text="请重启。", by=cast.actor(zhou), at=cast.NOW + timedelta(days=1))

    said = {"since": "2026-11-19", "until": "2026-11-19", "person": zhou.email.upper()}
    inside = read(auditor.post(reverse(PAGE), said))
    outside = read(auditor.post(reverse(PAGE), said | {"since": "2026-11-20", "until": "2026-11-21"}))

    assert {json.loads(line)["actor"]["name"] for line in inside[1:-1]} == {"周敏"}
    assert len(inside) > 2
    assert not any(json.loads(line)["stream"] == f"case:{case.pk}" for line in outside[1:-1])


def test_a_name_that_leads_nowhere_is_said_and_nothing_leaves_the_house(auditor, later):
    for said in ({"case": "C-0"}, {"customer": "X"}, {"person": "nobody@example.com"},
                 {"since": "2026-11-20", "until": "2026-11-19"}, {"since": "soon"}):  # fmt: skip
        assert auditor.post(reverse(PAGE), said).status_code == 422

    assert exports() == []


def test_the_page_shows_earlier_exports(auditor, later, django_assert_max_num_queries):
    for _time in range(3):
        actions.export_record(
            record.Wanted(case=factories.case().number), by=cast.actor(cast.administrator()), at=later
        )
    auditor.get(reverse(PAGE))

    with django_assert_max_num_queries(8):
        text = auditor.get(reverse(PAGE)).content.decode()

    assert text.count("C-") >= 3


def test_only_who_may_read_everything_exports(client, later):
    for user in (cast.gu_wei(), cast.zhou_min()):
        client.force_login(user)
        assert client.get(reverse(PAGE)).status_code == 403
        assert client.post(reverse(PAGE)).status_code == 403
        with pytest.raises(Denied):
            actions.export_record(record.Wanted(), by=cast.actor(user), at=later)
    of_a_team = replace(cast.actor(cast.zhou_min()), grants={Can.AUDIT.value: Scope.TEAM})
    with pytest.raises(Denied):
        actions.export_record(record.Wanted(), by=of_a_team, at=later)
    assert exports() == []


def test_a_program_begins_an_export_and_reads_on_by_signed_marks(client, later, monkeypatch):
    case, zhou = factories.case(), cast.actor(cast.zhou_min())
    cases.send_reply(case, text="请重启。", by=zhou, at=cast.NOW)
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    monkeypatch.setitem(record.stretch.__kwdefaults__, "most", 2)
    admin = cast.actor(cast.administrator())
    _key, secret = make_key(name="审计", grants={Can.AUDIT.value: Scope.ALL}, by=admin, at=later)
    headers = {"Authorization": f"Bearer {secret}"}
    begun = client.post(
        reverse("api:measures-record_exports"),
        {"case": case.number},
        content_type="application/json",
        headers=headers,
    )
    mark, seqs = begun.json()["next"], []
    while mark:
        answer = client.get(reverse("api:measures-record"), {"after": mark}, headers=headers).json()
        seqs += [event["seq"] for event in answer["events"]]
        mark = answer["next"]

    assert begun.status_code == 201
    assert begun.json()["has_whole_chains"] is True
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > 2
    assert len(exports()) == 1
    assert client.get(reverse("api:measures-record"), {"after": "x"}, headers=headers).status_code == 400


def test_a_mark_that_was_changed_or_is_old_leads_nowhere(later, monkeypatch):
    factories.case()
    mark = record.mark_of(record.part_of(record.Wanted()), taken_at=later)

    assert record.page_at(mark)[0].lines
    with pytest.raises(BadCursor):
        record.page_at(mark[:-1])
    monkeypatch.setattr(record, "MARK_HOLDS_SECONDS", -1)
    with pytest.raises(BadCursor):
        record.page_at(mark)
