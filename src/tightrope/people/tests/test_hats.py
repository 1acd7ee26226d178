"""People change hats, leave and come back; what is refused leaves everything as it was."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from tests import cast

from tightrope.core.actor import SYSTEM, Scope
from tightrope.people import actions
from tightrope.people.access import Can, Denied
from tightrope.people.models import Role, User
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return cast.actor(cast.administrator())


def told(subject_type: str, pk: int, kind: str, by) -> list[dict]:
    return [event.facts for event in events_of(subject_type, pk, by=by)[0] if event.kind == kind]


def test_a_person_wears_other_hats_from_then_on(admin):
    zhou, desk, north = cast.zhou_min(), cast.team("desk"), cast.team("north")
    lead = cast.roles()["lead"]

    zhou = actions.change_roles(zhou, roles=[lead], teams=[north], by=admin, at=cast.NOW)

    assert [role.code for role in zhou.roles.all()] == ["lead"]
    assert cast.actor(zhou).teams == frozenset({north.pk})
    assert not desk.memberships.filter(user=zhou).exists()
    assert told("user", zhou.pk, "user.roles_changed", admin) == [
        {"roles": [lead.name], "teams": [north.name]}
    ]


def test_the_last_who_manages_people_keeps_the_hat(admin):
    last = cast.administrator()
    with pytest.raises(actions.LastAdministrator):
        actions.change_roles(last, roles=[], teams=[], by=admin, at=cast.NOW)


def test_only_who_manages_people_changes_hats_and_lets_in():
    zhou, xu = cast.actor(cast.zhou_min()), cast.xu_jing()
    for act in (
        lambda: actions.change_roles(xu, roles=[], teams=[], by=zhou, at=cast.NOW),
        lambda: actions.disable_user(xu, reason="x", by=zhou, at=cast.NOW),
        lambda: actions.enable_user(xu, by=zhou, at=cast.NOW),
        lambda: actions.change_mail_address(xu, email="x@x.example", by=zhou, at=cast.NOW),
    ):
        with pytest.raises(Denied):
            act()


def test_who_leaves_is_out_of_every_session_and_may_come_back(admin):
    xu = cast.xu_jing()
    window = Client()
    window.force_login(xu, backend="django.contrib.auth.backends.ModelBackend")
    assert window.get("/").status_code == 200
    sessions = Session.objects.filter(session_key=window.session.session_key)
    assert sessions.exists()

    actions.disable_user(xu, reason="离职", by=admin, at=cast.NOW)
    actions.disable_user(xu, reason="again", by=admin, at=cast.NOW)
    assert window.get("/").status_code in {302, 403}
    assert not Session.objects.filter(
        session_key=window.session.session_key, expire_date__isnull=True
    ).exists()
    assert told("user", xu.pk, "user.disabled", admin) == [{"reason": "离职", "keys": []}]

    actions.enable_user(xu, by=admin, at=cast.NOW)
    actions.enable_user(xu, by=admin, at=cast.NOW)
    assert User.objects.get(pk=xu.pk).is_active
    assert len(told("user", xu.pk, "user.enabled", admin)) == 1


def test_a_mail_address_changes_once_and_is_nobody_elses(admin):
    xu, zhou = cast.xu_jing(), cast.zhou_min()
    with pytest.raises(actions.AddressTaken):
        actions.change_mail_address(xu, email=zhou.email.upper(), by=admin, at=cast.NOW)

    actions.change_mail_address(xu, email=" Xu@New.example ", by=admin, at=cast.NOW)
    actions.change_mail_address(xu, email="xu@new.example", by=admin, at=cast.NOW)

    assert User.objects.get(pk=xu.pk).email == "xu@new.example"
    assert len(told("user", xu.pk, "user.address_changed", admin)) == 1


def test_a_name_of_a_role_or_team_stands_once(admin):
    lead, desk = cast.roles()["lead"], cast.team("desk")
    with pytest.raises(actions.NameTaken):
        actions.put_role(None, name=lead.name, grants={}, by=admin, at=cast.NOW)
    with pytest.raises(actions.NameTaken):
        actions.put_team(
            None, name="x", code=desk.code, region=None, new_region="", tier=1, is_department=False, is_open=True,
            by=admin, at=cast.NOW,
        )  # fmt: skip
    with pytest.raises(actions.UnknownPermission):
        actions.put_role(None, name="new", grants={"nothing.known": Scope.ALL}, by=admin, at=cast.NOW)
    assert not Role.objects.filter(name="new").exists()


def test_nobody_makes_a_key_that_may_more_than_himself():
    cast.administrator()
    holder = actions.put_role(
        None,
        name="keys",
        grants={Can.MANAGE_KEYS: Scope.ALL, "case.view": Scope.TEAM},
        by=SYSTEM,
        at=cast.NOW,
    )
    xu = actions.change_roles(cast.xu_jing(), roles=[holder], teams=[], by=SYSTEM, at=cast.NOW)

    with pytest.raises(actions.WiderThanOwn):
        actions.make_key(name="x", grants={"case.view": Scope.ALL}, by=cast.actor(xu), at=cast.NOW)
    key, _secret = actions.make_key(
        name="x", grants={"case.view": Scope.TEAM}, by=cast.actor(xu), at=cast.NOW
    )
    assert key.made_by == xu


def test_a_person_changes_what_is_his_and_nobody_elses():
    zhou, xu = cast.zhou_min(), cast.xu_jing()
    facts = {"name": "周小敏", "language": "zh-hant", "time_zone": "Asia/Taipei"}
    with pytest.raises(Denied):
        actions.change_myself(xu, **facts, by=cast.actor(zhou), at=cast.NOW)

    changed = actions.change_myself(zhou, **facts, by=cast.actor(zhou), at=cast.NOW)

    assert {name: getattr(changed, name) for name in facts} == facts
