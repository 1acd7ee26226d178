"""Every act about people, teams, roles and keys is on record, and their pages say so."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import translation
from tests import cast

from tightrope.config.roles import MANUFACTURER
from tightrope.core.actor import SYSTEM, Scope
from tightrope.people import actions
from tightrope.people.access import Denied
from tightrope.people.invitations import token_for
from tightrope.people.lines import past_of
from tightrope.people.models import ApiKey, Role, Team, User
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def kinds(subject) -> list[str]:
    return [event.kind for event in events_of(subject._meta.model_name, subject.pk, by=SYSTEM)[0]]


def put_team(team=None, **changed):
    facts = {
        "name": "北区", "code": "north", "region": None, "new_region": "华北", "tier": 1, "is_department": False,
        "is_open": True, "by": SYSTEM, "at": cast.NOW,
    }  # fmt: skip
    return actions.put_team(team, **(facts | changed))


def test_a_team_says_what_changed_and_nothing_when_nothing_did():
    team = put_team()
    same = put_team(team, new_region="", region=team.region)
    assert kinds(same) == ["team.made"]

    put_team(team, new_region="", region=team.region, tier=2, is_open=False)

    changed = events_of("team", team.pk, by=SYSTEM)[0][0]
    assert changed.facts["changes"] == {"tier": [1, 2], "is_open": [True, False]}
    with translation.override("zh-hans"):
        (line, _made) = past_of("team", team.pk, by=SYSTEM)
    assert "二线" in line.title


def test_a_role_says_what_it_grants_more_less_and_further():
    cast.administrator()
    role = actions.put_role(
        None, name="借调", grants={"case.view": Scope.OWN, "customer.view": Scope.OWN}, by=SYSTEM, at=cast.NOW
    )

    actions.put_role(
        role,
        name="外协",
        grants={"case.view": Scope.TEAM, "customer.edit": Scope.OWN},
        by=SYSTEM,
        at=cast.NOW,
    )

    changed = events_of("role", role.pk, by=SYSTEM)[0][0]
    assert (changed.facts["former_name"], changed.facts["name"]) == ("借调", "外协")
    assert changed.facts["grants"] == {"case.view": [1, 2], "customer.edit": [0, 1], "customer.view": [1, 0]}
    actions.put_role(
        role,
        name="外协",
        grants={"case.view": Scope.TEAM, "customer.edit": Scope.OWN},
        by=SYSTEM,
        at=cast.NOW,
    )
    assert kinds(role) == ["role.changed", "role.made"]


def test_a_preset_records_the_roles_it_makes_and_only_those_it_changes():
    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=cast.NOW)
    lead = Role.objects.get(code="lead")
    assert kinds(lead) == ["role.made"]
    lead.grants.filter(permission="case.view").delete()

    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=cast.NOW)

    assert kinds(lead) == ["role.changed", "role.made"]
    assert kinds(Role.objects.get(code="service")) == ["role.made"]


def test_the_line_calls_a_role_that_came_with_the_program_as_the_other_pages_do():
    actions.apply_presets(MANUFACTURER, by=SYSTEM, at=cast.NOW)
    lead = Role.objects.get(code="lead")

    with translation.override("zh-hans"):
        [made] = past_of("role", lead.pk, by=SYSTEM)

    assert made.title.startswith("走钢丝 新建了角色“客服主管”")


def test_a_key_has_a_page_with_what_it_may_and_who_made_it(client):
    admin = cast.administrator()
    client.force_login(admin, backend=BACKEND)
    client.post(reverse("people:keys"), {"act": "make", "name": "ERP", "permissions": ["people.manage"]})
    key = ApiKey.objects.get()
    client.post(reverse("people:keys"), {"act": "revoke", "key": key.pk})
    client.post(reverse("people:keys"), {"act": "revoke", "key": key.pk})

    assert kinds(key) == ["key.revoked", "key.made"]
    made = events_of("apikey", key.pk, by=SYSTEM)[0][1]
    assert made.actor_name == admin.name
    assert key.key_hash not in str(made.facts)
    page = client.get(reverse("people:key", args=[key.pk])).content.decode()
    assert page.count(admin.name) >= 3
    assert key.prefix in page


def test_the_first_password_is_on_record_and_not_in_it(client):
    user = cast.person("new@hengyuan.example", "新人", "service")

    client.post(reverse("people:welcome", args=[token_for(user)]), {"password": "a-long-enough-phrase"})

    first = events_of("user", user.pk, by=SYSTEM)[0][0]
    assert (first.kind, first.actor_id, first.actor_name) == ("user.password_set", user.pk, "新人")
    assert "phrase" not in str(first.facts)


def test_what_one_changes_of_oneself_is_on_record_once():
    zhou = cast.zhou_min()
    facts = {"name": "周敏", "language": "en", "time_zone": "Asia/Taipei"}
    for _ in range(2):
        zhou = actions.change_myself(zhou, **facts, by=cast.actor(zhou), at=cast.NOW)

    assert kinds(zhou) == ["user.changed", "user.invited"]
    assert events_of("user", zhou.pk, by=SYSTEM)[0][0].facts["changes"]["language"] == ["zh-hans", "en"]


def test_an_administrator_changes_an_address_and_nobody_his_own(client):
    admin, zhou = cast.administrator(), cast.zhou_min()
    with pytest.raises(Denied):
        actions.change_mail_address(zhou, email="z@x.example", by=cast.actor(zhou), at=cast.NOW)
    client.force_login(admin, backend=BACKEND)
    person = reverse("people:user", args=[zhou.pk])

    client.post(person, {"act": "address", "email": "Zhou@hengyuan.example"})
    taken = client.post(person, {"act": "address", "email": admin.email.upper()}, follow=True)

    zhou.refresh_from_db()
    assert zhou.email == "zhou@hengyuan.example"
    assert [row.email for row in EmailAddress.objects.filter(user_id=zhou.pk)] == ["zhou@hengyuan.example"]
    assert kinds(zhou) == ["user.address_changed", "user.invited"]
    assert admin.email in taken.content.decode()
    assert "zhou@hengyuan.example" in client.get(person).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gives_himself_an_address(client, method):
    client.force_login(cast.zhou_min(), backend=BACKEND)

    answer = getattr(client, method)(reverse("account_email"), {"email": "boss@hengyuan.example"})

    assert answer.status_code == 405
    assert User.objects.filter(email="boss@hengyuan.example").count() == 0


def test_pages_of_people_teams_and_roles_show_what_happened(client):
    client.force_login(cast.administrator(), backend=BACKEND)
    zhou = cast.zhou_min()
    put_team()
    team = Team.objects.get(code="north")

    for url in (
        reverse("people:user", args=[zhou.pk]),
        reverse("people:team", args=[team.pk]),
        reverse("people:role", args=[Role.objects.get(code="service").pk]),
    ):
        assert '<ol class="line">' in client.get(url).content.decode()
