"""A parent and its children: one problem behind several cases."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def at(hours):
    return cast.NOW + timedelta(hours=hours)


@pytest.fixture
def gang():
    cast.zhou_min()
    return cast.actor(cast.chen_gang())


@pytest.fixture
def family(gang):
    """A parent with two children, all accepted."""
    parent, *children = (factories.case(title=f"E3 {number}") for number in range(3))
    for case in (parent, *children):
        actions.accept_case(case, by=gang, at=at(0.1))
    return parent, [actions.put_under(child, parent, by=gang, at=at(0.2)) for child in children]


def solve(case, by, hours=1.0, **facts):
    return actions.solve_case(case, solution="answer", by=by, at=at(hours), **facts)


def test_both_lines_say_it_and_only_to_staff(family, gang):
    parent, [child, _other] = family

    of_child = events_of("case", child.pk, by=SYSTEM, limit=20)[0]
    of_parent = events_of("case", parent.pk, by=SYSTEM, limit=20)[0]

    [put] = [event for event in of_child if event.kind == "case.put_under"]
    got = [event for event in of_parent if event.kind == "case.got_child"]
    assert put.facts["parent"] == parent.number
    assert {event.facts["child"] for event in got} == {case.number for case in family[1]}
    assert not any(event.is_public for event in [put, *got])


def test_a_parent_is_not_solved_over_open_children(family, gang):
    parent, [first, second] = family
    solve(first, gang)

    with pytest.raises(actions.OpenChildren, match=second.number):
        solve(parent, gang)
    solve(second, gang)
    solved = solve(parent, gang, hours=2)

    assert solved.status == Case.Status.SOLVED
    assert solved.ended_over_children == ""


def test_a_stated_reason_lets_it_end_before_them_and_is_kept(family, gang):
    parent, [first, second] = family

    solved = solve(parent, gang, despite_children="备件到货后分别处理")
    closed = actions.close_silent_case(solved, by=SYSTEM, at=at(24 * 6))

    assert closed.status == Case.Status.CLOSED
    told = next(
        e for e in events_of("case", parent.pk, by=SYSTEM, limit=20)[0] if e.kind.endswith("over_children")
    )
    assert told.facts == {"reason": "备件到货后分别处理", "children": [first.number, second.number]}
    assert not told.is_public
    assert verify.differences() == []


def test_silence_closes_no_parent_while_a_child_was_reopened(family, gang):
    parent, children = family
    for case in (*children, parent):
        solve(case, gang)
    wang = actor_of_contact(factories.wang_lei())
    actions.reopen_case(children[0], reason="还在漏", by=wang, at=at(5))

    held = actions.close_silent_case(parent, by=SYSTEM, at=at(24 * 6))
    assert held.status == Case.Status.SOLVED
    solve(children[0], gang, hours=24 * 6 + 1)
    closed = actions.close_silent_case(held, by=SYSTEM, at=at(24 * 8))

    assert closed.status == Case.Status.CLOSED


def test_the_customers_thanks_are_kept_until_the_last_child_has_ended(family, gang):
    parent, children = family
    for case in (*children, parent):
        solve(case, gang)
    wang = actor_of_contact(factories.wang_lei())
    actions.reopen_case(children[0], reason="还在漏", by=wang, at=at(5))

    thanked = actions.confirm_case(parent, by=wang, at=at(6))
    again = actions.confirm_case(parent, by=wang, at=at(7))
    assert (thanked.status, thanked.is_confirmed, again.status) == (
        Case.Status.SOLVED,
        True,
        Case.Status.SOLVED,
    )
    solve(children[0], gang, hours=8)
    closed = actions.close_silent_case(parent, by=SYSTEM, at=at(31))

    assert closed.status == Case.Status.CLOSED
    ends = [e for e in events_of("case", parent.pk, by=SYSTEM, limit=30)[0] if e.kind == "case.closed"]
    assert [event.facts["reason"] for event in ends] == ["confirmed"]
    assert verify.differences() == []


def test_a_family_has_two_generations_and_no_circle(family, gang):
    parent, [child, _other] = family
    stranger = factories.case(title="另一件")

    for case, above in ((parent, child), (parent, parent), (stranger, child), (parent, stranger)):
        with pytest.raises(actions.NotAFamily):
            actions.put_under(case, above, by=gang, at=at(1))
    actions.accept_case(stranger, by=gang, at=at(1))
    solve(stranger, gang)
    lone = factories.case(title="又一件")
    with pytest.raises(actions.NotAFamily):
        actions.put_under(lone, stranger, by=gang, at=at(2))


def test_taken_out_it_stands_on_its_own(family, gang):
    parent, [child, other] = family

    actions.take_out(child, by=gang, at=at(1))
    actions.take_out(child, by=gang, at=at(1))

    assert queries.open_children_of(parent) == [other.number]
    kinds = [event.kind for event in events_of("case", child.pk, by=SYSTEM, limit=20)[0]]
    assert kinds.count("case.taken_out") == 1


def test_the_children_of_a_merged_case_go_along(family, gang):
    parent, children = family
    keep = factories.case(title="总的")

    actions.merge_cases(keep, parent, by=gang, at=at(1))

    assert set(queries.open_children_of(keep)) == {child.number for child in children}
    assert verify.differences() == []


def test_merged_into_its_own_child_the_child_becomes_the_parent(family, gang):
    parent, [child, other] = family

    actions.merge_cases(child, parent, by=gang, at=at(1))

    child.refresh_from_db()
    assert child.parent is None
    assert queries.open_children_of(child) == [other.number]


def test_ola_puts_nothing_under_anything(family):
    parent, [child, _other] = family
    ola = cast.actor(cast.ola())

    with pytest.raises(Denied):
        actions.put_under(factories.case(title="x"), parent, by=ola, at=at(1))
    with pytest.raises(Denied):
        actions.take_out(child, by=ola, at=at(1))


def test_the_pages_put_under_by_number_take_out_and_ask_for_the_reason(family, client):
    parent, [child, _other] = family
    client.force_login(cast.chen_gang())
    lone = factories.case(title="又一件")

    def post(case, what, **facts):
        return client.post(f"/cases/{case.public_id}/{what}/", facts)

    with clock.standing_at(at(1)):
        assert post(lone, "parent", number="C-1").status_code == 422
        assert post(lone, "parent", number=parent.number).status_code == 303
        page = client.get(f"/cases/{parent.public_id}/").content.decode()
        assert post(child, "parent/removal").status_code == 303
        assert post(parent, "solution", solution="answer").status_code == 422
        asked = client.get(f"/cases/{parent.public_id}/solution/").content.decode()
        done = post(parent, "solution", solution="answer", despite_children="分别处理")

    assert "又一件" in page
    assert lone.number in asked
    assert done.status_code == 303
    lone.refresh_from_db()
    assert lone.parent == parent
