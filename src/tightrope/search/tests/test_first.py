"""The first hits of all kinds at once are those that reading everything would give."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tightrope import search
from tightrope.search import first, queries, registry
from tightrope.search.first import first_of
from tightrope.search.models import Document
from tightrope.search.tests.factories import Shelf, staff
from tightrope.search.words import Question

things = st.tuples(
    st.sampled_from(["thing", "thing", "story"]),
    st.sampled_from(["空调漏水", "valve E3", "pump leaking", "unleaked"]),
    st.sampled_from([(), (), ("E3",)]),
)
shelves = st.lists(things, min_size=4, max_size=20)
typed = st.sampled_from(["漏水", "leak", "eak", "E3", "ak", "the", "pump leak", "e3 valve"])
# So small that a handful of documents are many, and both common and rare come about.
tactics = st.fixed_dictionaries(
    {
        "NEWEST": st.sampled_from([1, 3]),
        "APART": st.sampled_from([1, 5]),
        "MOST_PLACES": st.sampled_from([2, 60]),
        "AT_A_PLACE": st.sampled_from([1, 10]),
        "MOST_WALKED": st.sampled_from([2, 6]),
        "FARTHEST_WALKED": st.sampled_from([3, 9]),
        "WALKED_FOR_ONE": st.sampled_from([0, 1_000]),
    }
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=shelves, text=typed, size=st.integers(1, 5), tactics=tactics)
def test_the_quick_way_finds_what_reading_everything_finds(
    shelf: Shelf, other_shelf: Shelf, monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, str, tuple[str, ...]]], text: str, size: int, tactics: dict[str, int],
) -> None:  # fmt: skip
    fill(shelf, other_shelf, rows)
    everything = read(text)

    with monkeypatch.context() as patched:
        for name, value in tactics.items():
            patched.setattr(first, name, value)
        firsts = first_of(Question(text), registry.kinds(), size=size)

    for kind, found in firsts.items():
        assert [(one.way, one.object_id) for one in found] == everything[kind][:size]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=shelves, text=typed, limit=st.integers(1, 4), tactics=tactics,
       hidden=st.sets(st.integers(1, 20)))  # fmt: skip
def test_one_box_shows_of_everything_what_the_doer_may_see(
    shelf: Shelf, other_shelf: Shelf, monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, str, tuple[str, ...]]], text: str, limit: int, tactics: dict[str, int],
    hidden: set[int],
) -> None:  # fmt: skip
    fill(shelf, other_shelf, rows)
    shelf.hidden = hidden
    wanted = {
        kind: [one for _way, one in found if kind != "thing" or one not in hidden]
        for kind, found in read(text).items()
    }

    with monkeypatch.context() as patched:
        for name, value in tactics.items():
            patched.setattr(first, name, value)
        found = queries.find_each(text, by=staff(), limit=limit)

    exact = {kind: hits for kind, hits in found.items() if not hits.is_near}
    assert {kind: [row.object_id for row in hits.rows] for kind, hits in exact.items()} == {
        kind: ids[:limit] for kind, ids in wanted.items() if ids
    }
    for kind, hits in exact.items():
        assert (hits.next is not None) == (len(wanted[kind]) > limit)


def test_a_common_word_is_not_fetched_by_its_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first, "NEWEST", 2)
    monkeypatch.setattr(first, "APART", 5)
    asked: list[str] = []
    statement = first._statement
    monkeypatch.setattr(
        first, "_statement", lambda text, **limits: (asked.append(text), statement(text, **limits))[1]
    )
    for number in range(60):
        shelf.put(f"pump {number}" if number % 2 else f"valve {number}")
    shelf.put("曳引机")
    for number in range(3):
        shelf.put(f"fan {number}")

    common = first_of(Question("pump"), ["thing"], size=20)
    rare = first_of(Question("曳引"), ["thing"], size=20)

    assert asked == [first._FIRST_LOOK, first._BACK_IN_TIME, first._FIRST_LOOK, first._BY_INDEX]
    assert len(common["thing"]) == 20
    assert len(rare["thing"]) == 1


def test_an_old_document_asked_for_by_its_code_comes_before_the_newest_mentions(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "NEWEST", 3)
    coded = shelf.put("valve", codes=["E3"])
    mentions = [shelf.put(f"E3 {number}") for number in range(5)]

    found = first_of(Question("E3"), ["thing"], size=2)

    assert [one.object_id for one in found["thing"]] == [coded, mentions[-1]]


def test_who_sees_all_of_a_kind_is_not_asked_about_each(shelf: Shelf) -> None:
    search.register("thing", visible=shelf.visible, present=shelf.present, sees_all=lambda by: by.is_staff)
    number = shelf.put("空调漏水")

    found = queries.find_each("漏水", by=staff())

    assert [row.object_id for row in found["thing"].rows] == [number]
    assert shelf.asked == []


def fill(shelf: Shelf, other_shelf: Shelf, rows: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """Only these rows."""
    Document.objects.all().delete()
    for one in (shelf, other_shelf):
        one.titles.clear()
        one.hidden = set()
    for kind, title, codes in rows:
        (shelf if kind == "thing" else other_shelf).put(title, codes=codes)


def read(text: str) -> dict[str, list[tuple[int, int]]]:
    """Each kind's documents that fit, with the way in which they do, in order, by reading them all."""
    question = Question(text)
    conditions = [
        ("tsv @@ %s::tsquery", question.code),
        ("tsv @@ %s::tsquery", question.all_words),
        ("text LIKE %s", question.like),
    ]
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    seen: set[int] = set()
    for way, (condition, value) in enumerate(conditions):
        fitting = Document.objects.extra(where=[condition], params=[value]) if value else []
        for one in sorted(fitting, key=lambda one: (one.at, one.pk), reverse=True):
            if one.pk not in seen:
                seen.add(one.pk)
                found[one.kind].append((way, one.object_id))
    return found
