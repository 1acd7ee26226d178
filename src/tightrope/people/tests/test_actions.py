"""Inviting, presets, keys, and who may."""

import pytest
from tests import cast

from tightrope.config.roles import MANUFACTURER, SMALL_FIRM
from tightrope.core.actor import SYSTEM, Kind, Scope
from tightrope.people import actions, queries
from tightrope.people.access import Denied, known_permissions
from tightrope.people.models import Role


@pytest.mark.django_db
def test_an_invited_person_may_what_the_roles_say():
    by = cast.actor(cast.zhou_min())

    assert by.kind is Kind.STAFF
    assert by.scope("people.manage") is None
    assert by.grants


@pytest.mark.django_db
def test_someone_without_a_role_may_nothing():
    by = cast.actor(cast.ola())

    assert by.kind is Kind.NOBODY
    assert not [p for p in known_permissions() if by.may(p)]


@pytest.mark.django_db
def test_the_same_address_is_refused_in_any_case():
    cast.zhou_min()

    with pytest.raises(actions.AddressTaken):
        actions.invite_user(
            email="ZHOU.min@hengyuan.example",
            name="x",
            roles=[],
            teams=[],
            language="en",
            by=SYSTEM,
            at=cast.NOW,
        )


@pytest.mark.django_db
def test_only_who_manages_people_may_invite():
    with pytest.raises(Denied):
        actions.invite_user(
            email="new@x.example",
            name="x",
            roles=[],
            teams=[],
            language="en",
            by=cast.actor(cast.zhou_min()),
            at=cast.NOW,
        )


@pytest.mark.django_db
def test_the_last_administrator_cannot_be_disabled():
    admin = cast.administrator()

    with pytest.raises(actions.LastAdministrator):
        actions.disable_user(admin, reason="mistake", by=SYSTEM, at=cast.NOW)


@pytest.mark.django_db
def test_switching_presets_loses_no_role_and_no_holder():
    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=cast.NOW)
    zhou = cast.zhou_min()

    actions.apply_presets(SMALL_FIRM, by=SYSTEM, at=cast.NOW)
    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=cast.NOW)

    assert zhou.roles.get().code == "service"
    assert Role.objects.count() == len(MANUFACTURER)


@pytest.mark.django_db
def test_every_preset_grants_known_permissions_only():
    for presets in (MANUFACTURER, SMALL_FIRM):
        unknown = {p for preset in presets for p in preset.grants} - set(known_permissions())
        assert unknown == set()


@pytest.mark.django_db
def test_a_key_acts_until_it_is_revoked():
    by = cast.actor(cast.administrator())
    key, secret = actions.make_key(name="ERP", grants={"people.manage": Scope.OWN}, by=by, at=cast.NOW)

    assert queries.actor_of_key(secret, at=cast.NOW).scope("people.manage") is Scope.OWN
    assert queries.actor_of_key(secret + "x", at=cast.NOW) is None
    assert secret not in str(vars(key))

    actions.revoke_key(key, by=by, at=cast.NOW)
    assert queries.actor_of_key(secret, at=cast.NOW) is None


@pytest.mark.django_db
def test_a_key_cannot_do_more_than_its_maker():
    by = cast.actor(cast.administrator())
    zhou = cast.actor(cast.zhou_min())

    with pytest.raises(Denied):
        actions.make_key(name="x", grants={}, by=zhou, at=cast.NOW)
    with pytest.raises(actions.UnknownPermission):
        actions.make_key(name="x", grants={"nothing.known": Scope.ALL}, by=by, at=cast.NOW)
