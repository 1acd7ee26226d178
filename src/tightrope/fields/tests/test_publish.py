from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests import cast

from tightrope.core.actor import SYSTEM, Actor, Kind, Scope
from tightrope.fields import actions, queries
from tightrope.fields.access import Can
from tightrope.fields.comparing import difference
from tightrope.fields.models import Definition, Draft
from tightrope.fields.questions import WrongQuestion
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
NOW = cast.NOW
BOSS = Actor(kind=Kind.STAFF, id=1, name="王伟", grants={Can.CONFIGURE: Scope.ALL})
NAMES = {"en": "Fault", "zh-hans": "故障报修"}
A = {"key": "a", "kind": "yes_no", "names": {"en": "A?"}}
B = {"key": "b", "kind": "text", "names": {"en": "B"}, "show_if": ["a", "yes"]}
C = {"key": "c", "kind": "text", "names": {"en": "C"}}


def published(*questions, by=BOSS, names=NAMES) -> Definition:
    return actions.publish_definition("fault", names=names, questions=questions, by=by, at=NOW)


def test_publishing_makes_a_new_version_and_keeps_the_old_one_as_it_was():
    first, second = published(A), published(A, B)

    assert (first.version, second.version) == (1, 2)
    assert queries.current("fault") == second
    old = queries.version_of("fault", 1)
    assert old is not None
    assert [one.key for one in old.asked()] == ["a"]
    (told,), _older = events_of("definition", second.pk, by=SYSTEM)
    assert told.facts == {"key": "fault", "version": 2, "added": ["b"], "removed": [], "changed": []}


def test_publishing_the_same_again_is_no_new_version():
    assert published(A, C) == published(A, C)
    assert Definition.objects.count() == 1


def test_the_database_holds_one_current_version():
    published(A)

    with pytest.raises(IntegrityError), transaction.atomic():
        Definition.objects.create(key="fault", version=2, names=NAMES, questions=[], by_name="x", at=NOW)


def test_who_may_not_change_forms_changes_none():
    published(A)
    nobody = Actor(kind=Kind.STAFF, id=2, name="x")

    for act in (
        lambda: published(C, by=nobody),
        lambda: actions.begin_form("new", names=NAMES, by=nobody, at=NOW),
        lambda: actions.put_question("fault", C, by=nobody, at=NOW),
        lambda: actions.publish_draft("fault", by=nobody, at=NOW),
        lambda: actions.discard_draft("fault", by=nobody, at=NOW),
    ):
        with pytest.raises(Denied):
            act()
    assert Definition.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_draft_is_built_step_by_step_and_nobody_is_asked_it_before_it_is_published():
    published(A)
    actions.put_question("fault", B, by=BOSS, at=NOW)
    actions.put_question("fault", C, by=BOSS, at=NOW)
    actions.move_question("fault", "c", by_places=-5, by=BOSS, at=NOW)
    actions.put_question("fault", {**C, "names": {"en": "See"}}, instead_of="c", by=BOSS, at=NOW)

    now = queries.current("fault")
    assert now is not None
    assert [one.key for one in now.asked()] == ["a"]
    after = actions.publish_draft("fault", by=BOSS, at=NOW)
    assert [one.key for one in after.asked()] == ["c", "a", "b"]
    assert after.version == 2
    assert not Draft.objects.exists()


def test_a_condition_cannot_be_broken_by_moving_or_removing():
    published(A, B)

    with pytest.raises(WrongQuestion, match="does not come before"):
        actions.move_question("fault", "a", by_places=1, by=BOSS, at=NOW)
    with pytest.raises(WrongQuestion, match="does not come before"):
        actions.remove_question("fault", "a", by=BOSS, at=NOW)


def test_what_was_published_meanwhile_is_not_overwritten():
    published(A)
    actions.put_question("fault", C, by=BOSS, at=NOW)
    published(A, B)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.publish_draft("fault", by=BOSS, at=NOW)
    actions.discard_draft("fault", by=BOSS, at=NOW)
    assert [one.key for one in actions.draft_of("fault", by=BOSS, at=NOW).asked()] == ["a", "b"]


def test_two_forms_do_not_share_a_key():
    published(A)

    with pytest.raises(actions.KeyTaken):
        actions.begin_form("fault", names=NAMES, by=BOSS, at=NOW)


def test_the_difference_names_what_came_went_changed_and_moved():
    before = actions.read_questions([A, B, C])
    after = actions.read_questions([C, A, {**B, "is_required": True}, {**C, "key": "d"}])

    change = difference(before, after)

    assert [one.key for one in change.added] == ["d"]
    assert change.removed == []
    assert [new.key for _old, new in change.changed] == ["b"]
    assert {one.key for one in change.moved} == {"a", "b", "c"}
    assert difference(before, before).is_none
