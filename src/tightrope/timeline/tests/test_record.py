"""Writing events down: chained, append-only, in the act's transaction, with their reactions queued."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import IntegrityError, connection, transaction
from tests import cast

from tightrope import timeline
from tightrope.core.actor import SYSTEM
from tightrope.timeline import queries, reacting, verify
from tightrope.timeline.actions import NoTransaction
from tightrope.timeline.events import Event
from tightrope.timeline.models import Entry


@dataclass(frozen=True)
class Greeted(Event):
    kind: ClassVar[str] = "test.greeted"
    is_public: ClassVar[bool] = True
    word: str


@pytest.mark.django_db
def test_events_of_a_subject_form_a_chain_that_verifies():
    user = cast.zhou_min()

    for word in ("你好", "再见"):
        timeline.record(user, Greeted(word=word), by=SYSTEM, at=cast.NOW)

    entries = list(Entry.objects.filter(subject_type="user", subject_id=user.pk).order_by("seq"))
    assert [e.kind for e in entries] == ["user.invited", "test.greeted", "test.greeted"]
    assert [e.prev_hash for e in entries] == ["", entries[0].hash, entries[1].hash]
    assert verify.broken_chains() == []


@pytest.mark.django_db
def test_an_altered_event_is_found():
    user = cast.zhou_min()
    timeline.record(user, Greeted(word="kept"), by=SYSTEM, at=cast.NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE timeline_event DISABLE TRIGGER timeline_event_append_only")
        cursor.execute(
            "UPDATE timeline_event SET facts = '{\"word\": \"rewritten\"}' WHERE kind = 'test.greeted'"
        )

    assert len(verify.broken_chains()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE timeline_event SET kind = 'x'", "DELETE FROM timeline_event"])
def test_the_database_refuses_to_change_the_past(statement):
    cast.zhou_min()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_event_years_ago_gets_a_month_of_its_own():
    user = cast.zhou_min()

    timeline.record(user, Greeted(word="long ago"), by=SYSTEM, at=datetime(2019, 2, 3, tzinfo=UTC))

    assert Entry.objects.get(kind="test.greeted").at.year == 2019


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_an_act_is_refused():
    with pytest.raises(NoTransaction):
        timeline.record(cast.zhou_min(), Greeted(word="?"), by=SYSTEM, at=cast.NOW)


@pytest.mark.django_db
def test_each_reaction_is_a_job_of_its_own_and_gone_with_a_rollback(monkeypatch):
    monkeypatch.setattr(reacting, "_table", lambda: {"test.greeted": ("a.b", "c.d")})
    user = cast.zhou_min()

    timeline.record(user, Greeted(word="hello"), by=SYSTEM, at=cast.NOW)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        timeline.record(user, Greeted(word="undone"), by=SYSTEM, at=cast.NOW)
        raise ZeroDivisionError

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'reaction' FROM procrastinate_jobs WHERE task_name = 'timeline.react' ORDER BY 1"
        )
        assert cursor.fetchall() == [("a.b",), ("c.d",)]


@pytest.mark.django_db
def test_reading_newest_first_goes_on_after_the_mark():
    user = cast.zhou_min()
    staff = cast.actor(cast.gu_wei())
    for day in range(1, 8):
        timeline.record(user, Greeted(word=str(day)), by=SYSTEM, at=cast.NOW + timedelta(days=day))

    first, mark = queries.events_of("user", user.pk, by=staff, limit=5)
    rest, end = queries.events_of("user", user.pk, by=staff, limit=5, before=mark)

    words = [e.facts.get("word") for e in [*first, *rest]]
    assert words == ["7", "6", "5", "4", "3", "2", "1", None]
    assert end is None


@pytest.mark.django_db
def test_customers_read_public_events_only():
    user = cast.zhou_min()
    timeline.record(user, Greeted(word="for all"), by=SYSTEM, at=cast.NOW)

    found, _mark = queries.events_of("user", user.pk, by=cast.actor(cast.ola()))

    assert [e.kind for e in found] == ["test.greeted"]
