"""Keys of programs stop when the person who answers for them leaves."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests import cast

from tightrope.core.actor import SYSTEM, Scope
from tightrope.people import actions, queries
from tightrope.people.access import Can, Denied
from tightrope.people.models import ApiKey, User
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"


def leaver(**grants: Scope) -> User:
    """Somebody who may make keys, beside an administrator."""
    cast.administrator()
    role = actions.put_role(
        None, name="keys", grants={Can.MANAGE_KEYS: Scope.ALL} | grants, by=SYSTEM, at=cast.NOW
    )
    return actions.change_roles(cast.xu_jing(), roles=[role], teams=[], by=SYSTEM, at=cast.NOW)


def key_of(maker: User) -> tuple[ApiKey, str]:
    grants = {"case.view": Scope.ALL}
    return actions.make_key(name="ERP", grants=grants, by=cast.actor(maker), at=cast.NOW)


def leave(user: User) -> None:
    actions.disable_user(user, reason="离职", by=SYSTEM, at=cast.NOW)


def ask(client, secret: str):
    return client.get("/api/v1/cases", headers={"authorization": f"Bearer {secret}"})


def test_a_key_stops_when_its_maker_leaves_and_the_program_is_told_why(client):
    maker = leaver(**{"case.view": Scope.ALL})
    _key, secret = key_of(maker)
    assert ask(client, secret).status_code == 200

    leave(maker)

    answer = ask(client, secret)
    assert answer.status_code == 401
    assert answer.json()["title"] == "key stopped"
    assert maker.name not in answer.content.decode()
    assert ask(client, secret + "x").json() == {"status": 401, "title": "not signed in"}
    assert queries.actor_of_key(secret, at=cast.NOW) is None


def test_a_key_goes_on_when_its_maker_comes_back(client):
    maker = leaver(**{"case.view": Scope.ALL})
    _key, secret = key_of(maker)
    leave(maker)

    actions.enable_user(maker, by=SYSTEM, at=cast.NOW)

    assert ask(client, secret).status_code == 200
    assert User.objects.get(pk=maker.pk).left_at is None


def test_a_revoked_key_is_told_to_be_revoked(client):
    maker = leaver(**{"case.view": Scope.ALL})
    key, secret = key_of(maker)
    actions.revoke_key(key, by=cast.actor(maker), at=cast.NOW)

    assert ask(client, secret).json()["title"] == "key revoked"


@pytest.mark.parametrize("is_before", [True, False])
def test_a_key_that_an_administrator_took_over_goes_on(is_before, client):
    maker = leaver(**{"case.view": Scope.ALL})
    key, secret = key_of(maker)
    admin = cast.administrator()

    if not is_before:
        leave(maker)
    actions.take_over_key(key, by=cast.actor(admin), at=cast.NOW)
    actions.take_over_key(key, by=cast.actor(admin), at=cast.NOW)
    if is_before:
        leave(maker)

    assert ask(client, secret).status_code == 200
    taken, made = events_of("apikey", key.pk, by=SYSTEM)[0]
    assert (taken.kind, taken.facts["former_owner"], made.kind) == ("key.taken_over", maker.name, "key.made")
    assert queries.keys_of(maker, at=cast.NOW) == []
    assert queries.keys_of(admin, at=cast.NOW) == [key]


def test_nobody_takes_over_a_key_that_may_more_than_he():
    key, _secret = key_of(cast.administrator())
    other = leaver(**{"case.view": Scope.TEAM})

    with pytest.raises(actions.WiderThanOwn):
        actions.take_over_key(key, by=cast.actor(other), at=cast.NOW)
    with pytest.raises(Denied):
        actions.take_over_key(key, by=cast.actor(cast.zhou_min()), at=cast.NOW)
    with pytest.raises(Denied):
        actions.take_over_key(key, by=SYSTEM, at=cast.NOW)
    assert ApiKey.objects.get().owner == cast.administrator()


def test_a_key_that_is_over_is_not_taken_over():
    maker = leaver(**{"case.view": Scope.ALL})
    key, _secret = key_of(maker)
    actions.revoke_key(key, by=cast.actor(maker), at=cast.NOW)

    with pytest.raises(actions.KeyOver):
        actions.take_over_key(key, by=cast.actor(cast.administrator()), at=cast.NOW)


def test_ending_access_shows_which_keys_stop_and_records_them(client):
    maker = leaver(**{"case.view": Scope.ALL})
    key, _secret = key_of(maker)
    over, _secret = key_of(maker)
    actions.revoke_key(over, by=cast.actor(maker), at=cast.NOW)
    client.force_login(cast.administrator(), backend=BACKEND)

    page = client.get(reverse("people:user", args=[maker.pk])).content.decode()
    leave(maker)

    assert key.prefix in page
    assert over.prefix not in page
    assert events_of("user", maker.pk, by=SYSTEM)[0][0].facts["keys"] == ["ERP"]


def test_the_list_says_why_a_key_stopped_and_offers_to_take_it_over(client):
    maker = leaver(**{"case.view": Scope.ALL})
    key, secret = key_of(maker)
    leave(maker)
    client.force_login(cast.administrator(), backend=BACKEND)

    page = client.get(reverse("people:keys")).content.decode()
    own = client.get(reverse("people:key", args=[key.pk])).content.decode()
    client.post(reverse("people:keys"), {"act": "take over", "key": key.pk})

    assert maker.name in page
    assert 'value="take over"' in page
    assert 'value="take over"' in own
    assert queries.actor_of_key(secret, at=cast.NOW) is not None
    assert 'value="take over"' not in client.get(reverse("people:keys")).content.decode()
