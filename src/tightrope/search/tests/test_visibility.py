"""Nobody is told of what he may not see: no hit, no count, no mark of a further page."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope import search
from tightrope.core.actor import NOBODY, Actor, Kind
from tightrope.search import queries
from tightrope.search.models import Document
from tightrope.search.tests.factories import Shelf, contact_of, staff

ACCOUNTS = (1, 2, 3)
things = st.tuples(
    st.sampled_from(["空调漏水", "电梯异响", "空调 KFR-35GW", "漏水"]),
    st.sampled_from([*ACCOUNTS, None]),
    st.sampled_from([900, 901, None]),
    st.sampled_from(["staff", "public"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(things, max_size=25), account=st.sampled_from(ACCOUNTS),
       text=st.sampled_from(["漏水", "空调", "kfr35gw", "电梯 空调", "异响 冒烟"]), limit=st.integers(1, 6))  # fmt: skip
def test_a_contact_of_one_account_never_gets_a_hit_count_or_page_of_another(
    shelf: Shelf, rows: list[tuple[str, int | None, int | None, str]], account: int, text: str, limit: int
) -> None:
    Document.objects.all().delete()
    shelf.titles.clear()
    shelf.asked.clear()
    for title, owner, contact, audience in rows:
        shelf.put(title, account=owner, contact=contact, audience=audience)
    allowed = {
        number for number, (_, owner, contact, audience) in enumerate(rows, start=1)
        if audience == "public" and (owner == account or (owner is None and contact == 900))
    }  # fmt: skip
    by = contact_of(account)

    seen, mark = [], None
    while True:
        hits = search.find(text, by=by, limit=limit, after=mark)
        seen += [row.object_id for row in hits.rows]
        mark = hits.next
        if mark is None:
            break

    assert set(seen) <= allowed
    assert set(shelf.asked) <= allowed
    assert len(seen) == len(set(seen))
    for found in queries.find_each(text, by=by, limit=limit).values():
        assert {row.object_id for row in found.rows} <= allowed
    # The same search in a world where the others have nothing gives the very same answer.
    Document.objects.exclude(object_id__in=allowed).delete()
    again = search.find(text, by=by, limit=limit)
    first = search.find(text, by=by, limit=limit)
    assert [row.object_id for row in again.rows] == [row.object_id for row in first.rows] == seen[:limit]


def test_hits_behind_many_invisible_ones_are_still_found(shelf: Shelf) -> None:
    wanted = shelf.put("空调漏水 最早的一件")
    shelf.hidden = {shelf.put(f"空调漏水 {n}") for n in range(200)}

    hits = search.find("空调", by=staff(), limit=5)

    assert [row.object_id for row in hits.rows] == [wanted]
    assert hits.next is None


def test_looking_through_invisible_ones_ends(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_CANDIDATES", 50)
    shelf.hidden = {shelf.put(f"空调 {n}") for n in range(200)}

    hits = search.find("空调", by=staff(), limit=5)

    assert hits.rows == []
    assert len(shelf.asked) <= 250


@pytest.mark.parametrize("by", [NOBODY, Actor(kind=Kind.LINK, id=1, name="王磊", contact=900, case=1)])
def test_strangers_and_private_links_find_nothing(shelf: Shelf, by: Actor) -> None:
    shelf.put("空调漏水", account=1, contact=900, audience="public")

    assert search.find("空调", by=by).rows == []
    assert queries.find_each("空调", by=by) == {}
    assert shelf.asked == []
