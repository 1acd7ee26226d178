"""Statements that are written once answer as the querysets they were written from."""

import pytest
from tests import cast

from tightrope.core.statements import Given, written
from tightrope.people.models import Team, User

pytestmark = pytest.mark.django_db


def test_the_same_statement_serves_other_values(django_assert_num_queries):
    zhou, wu = cast.zhou_min(), cast.wu_qiang()
    named = written("test of one", lambda: User.objects.filter(pk__any_of=Given("ids")).order_by("pk"))

    with django_assert_num_queries(3):
        assert named.all(ids=[zhou.pk]) == [zhou]
        assert named.all(ids=[zhou.pk, wu.pk]) == sorted([zhou, wu], key=lambda user: user.pk)
        assert named.first(ids=[]) is None


def test_what_is_selected_beside_a_row_comes_with_it(django_assert_num_queries):
    from tightrope.people.models import Membership

    zhou, team = cast.zhou_min(), cast.team("desk")
    rows = written(
        "test of beside",
        lambda: Membership.objects.filter(user=Given("user")).select_related("team").order_by("pk"),
    )

    with django_assert_num_queries(1):
        teams = [row.team for row in rows.all(user=zhou.pk)]

    assert team in teams
    assert all(isinstance(one, Team) for one in teams)


def test_values_come_as_they_are_and_nothing_is_asked_when_nothing_can_fit(django_assert_num_queries):
    zhou = cast.zhou_min()
    names = written("test of values", lambda: User.objects.filter(pk=Given("pk")).values_list("name"))
    none = written("test of none", lambda: User.objects.none())

    with django_assert_num_queries(1):
        assert [tuple(row) for row in names.tuples(pk=zhou.pk)] == [(zhou.name,)]
        assert none.all() == []


def test_what_was_not_selected_is_asked_for_when_it_is_wanted(django_assert_num_queries):
    zhou = cast.zhou_min()
    one = written("test of less", lambda: User.objects.filter(pk=Given("pk")).only("name")).first(pk=zhou.pk)

    assert one is not None
    assert one == zhou
    assert one.get_deferred_fields() == {field.attname for field in User._meta.concrete_fields} - {
        "id",
        "name",
    }
    with django_assert_num_queries(0):
        assert one.name == zhou.name
    with django_assert_num_queries(1):
        assert one.email == zhou.email


def test_an_object_of_a_statement_is_saved_like_any_other():
    zhou = cast.zhou_min()
    one = written("test of saving", lambda: User.objects.filter(pk=Given("pk"))).first(pk=zhou.pk)

    one.title = "Lead of the desk"
    one.save()

    zhou.refresh_from_db()
    assert zhou.title == "Lead of the desk"
