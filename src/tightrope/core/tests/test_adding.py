from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from tightrope.core.adding import add, add_each
from tightrope.core.models import IdempotencyKey

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def a_key(key: str, answer: dict[str, object] | None = None) -> IdempotencyKey:
    return IdempotencyKey(source="test", key=key, answer=answer or {}, at=NOON)


def test_a_row_is_written_as_it_would_be_saved_and_knows_its_key():
    row = add(a_key("one", {"percent": "100 %s", "ten": 10, "none": None}))

    assert row.pk is not None
    assert not row._state.adding
    assert IdempotencyKey.objects.get(pk=row.pk).answer == {"percent": "100 %s", "ten": 10, "none": None}
    assert IdempotencyKey.objects.get(pk=row.pk).at == NOON


def test_several_rows_are_one_statement_and_each_has_its_own_key_in_order():
    rows = [a_key(str(place)) for place in range(5)]

    with CaptureQueriesContext(connection) as sent:
        add_each(rows)
    add_each([])

    assert len(sent) == 1
    assert all(before.pk < after.pk for before, after in pairwise(rows))
    assert {one.pk: one.key for one in IdempotencyKey.objects.all()} == {one.pk: one.key for one in rows}


def test_what_the_database_refuses_is_said_in_djangos_words_and_nothing_is_kept():
    add(a_key("one"))

    with pytest.raises(IntegrityError), transaction.atomic():
        add(a_key("one"))

    assert IdempotencyKey.objects.count() == 1


def test_a_key_of_ones_own_would_be_lost_and_is_refused():
    with pytest.raises(AssertionError, match="would be lost"):
        add(IdempotencyKey(pk=7, source="test", key="own", answer={}, at=NOON))


def test_a_model_that_somebody_listens_to_is_refused():
    def listen(**facts: object) -> None: ...

    post_save.connect(listen, sender=Session)
    try:
        with pytest.raises(AssertionError, match="listens"):
            add(Session(session_key="k", session_data="", expire_date=NOON))
    finally:
        post_save.disconnect(listen, sender=Session)
