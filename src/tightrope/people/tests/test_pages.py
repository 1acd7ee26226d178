"""The pages about people, as those may see them who manage people, and as those may not."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from tests import cast

from tightrope.channels.models import Message
from tightrope.people.invitations import token_for
from tightrope.people.models import ApiKey, User

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = ("people:list", "people:invite", "people:teams", "people:new_team", "people:roles", "people:new_role",
         "people:presets", "people:keys")  # fmt: skip


@pytest.mark.parametrize("route", PAGES)
def test_an_administrator_sees_the_page(client, route):
    client.force_login(cast.administrator(), backend=BACKEND)

    assert client.get(reverse(route)).status_code == 200


@pytest.mark.parametrize("route", PAGES)
def test_customer_service_may_not(client, route):
    client.force_login(cast.zhou_min(), backend=BACKEND)

    assert client.get(reverse(route)).status_code == 403


def test_somebody_invited_gets_a_link_that_works_once(client, settings):
    settings.EMAIL_BACKEND = "tightrope.channels.backend.KeptMail"
    client.force_login(cast.administrator(), backend=BACKEND)
    role = cast.roles()["service"]

    client.post(
        reverse("people:invite"),
        {"name": "新人", "email": "new@hengyuan.example", "language": "zh-hans", "roles": [role.pk]},
    )
    letter = Message.objects.get(recipients=["new@hengyuan.example"])
    assert settings.PUBLIC_URL in letter.text
    client.logout()
    link = reverse("people:welcome", args=[token_for(User.objects.get(email="new@hengyuan.example"))])
    first = client.post(link, {"password": "a-long-enough-phrase"})
    second = client.get(link)

    assert first.status_code == 302
    assert second.status_code == 410
    assert not mail.outbox
    assert UserSession.objects.get().session_key == client.session.session_key


@pytest.mark.parametrize(
    "route", ["people:me", "account_change_password", "mfa_index", "usersessions_list", "notices:preferences"]
)
def test_the_pages_about_oneself_are_one_room(client, route):
    client.force_login(cast.zhou_min(), backend=BACKEND)

    page = client.get(reverse(route)).content.decode()

    assert page.count("<h1") == 1
    assert f'<a href="{reverse(route)}" aria-current="page">' in page


def test_ending_access_ends_every_session(client):
    admin = cast.administrator()
    zhou = cast.zhou_min()
    client.post(reverse("account_login"), {"login": zhou.email, "password": cast.PASSWORD})
    assert client.get("/me/").status_code == 200

    from tightrope.people import actions

    actions.disable_user(zhou, reason="left", by=cast.actor(admin), at=cast.NOW)

    assert client.get("/me/").status_code == 302


def test_a_key_is_shown_once(client):
    client.force_login(cast.administrator(), backend=BACKEND)

    answer = client.post(
        reverse("people:keys"), {"act": "make", "name": "ERP", "permissions": ["people.manage"]}
    )

    key = ApiKey.objects.get()
    assert key.prefix in answer.content.decode()
    assert f"{key.prefix}." in answer.content.decode()
    assert f"{key.prefix}." not in client.get(reverse("people:keys")).content.decode()


def test_one_changes_oneself_only(client):
    zhou = cast.zhou_min()
    client.force_login(zhou, backend=BACKEND)

    client.post(reverse("people:me"), {"name": "周敏", "language": "en", "time_zone": "Asia/Taipei"})

    zhou.refresh_from_db()
    assert (zhou.language, zhou.time_zone) == ("en", "Asia/Taipei")


def test_the_demo_door_is_closed_unless_it_is_a_demo(client, settings):
    cast.zhou_min()
    assert client.get("/demo/").status_code == 404

    settings.DEMO = True
    user = User.objects.get()
    assert client.get("/demo/").status_code == 200
    assert client.post("/demo/", {"person": user.pk}).status_code == 302
    assert UserSession.objects.filter(user=user, session_key=client.session.session_key).exists()
    assert client.get("/me/").status_code == 200


def test_a_reset_says_the_same_for_known_and_unknown_addresses(client):
    cast.zhou_min()

    known = client.post(
        reverse("account_reset_password"), {"email": "zhou.min@hengyuan.example"}, follow=True
    )
    unknown = client.post(
        reverse("account_reset_password"), {"email": "nobody@hengyuan.example"}, follow=True
    )

    assert known.redirect_chain == unknown.redirect_chain


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example", "/\\evil.example", "http:evil.example"]
)
def test_signing_in_leads_to_no_other_host(client, after):
    zhou = cast.zhou_min()

    answer = client.post(
        reverse("account_login") + f"?next={after}",
        {"login": zhou.email, "password": cast.PASSWORD, "next": after},
    )

    assert "evil" not in answer.get("Location", "")


def test_the_session_is_another_one_after_signing_in(client):
    zhou = cast.zhou_min()
    client.get(reverse("account_login"))
    before = client.session.session_key

    client.post(reverse("account_login"), {"login": zhou.email, "password": cast.PASSWORD})

    assert client.session.session_key != before


def test_a_new_colleague_is_offered_the_language_of_whoever_invites(client):
    client.force_login(cast.administrator(), backend=BACKEND)

    page = client.get(reverse("people:invite")).content.decode()

    assert '<option value="zh-hans" selected>' in page


def test_whoever_chose_another_password_signs_in_with_it_and_goes_on_as_usual(client):
    zhou = cast.zhou_min()
    client.post(reverse("account_login"), {"login": zhou.email, "password": cast.PASSWORD})
    chosen = "horse-battery-9-staple"

    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": cast.PASSWORD, "password1": chosen, "password2": chosen},
    )

    assert answer["Location"] == reverse("account_login")
    assert client.get("/me/").status_code == 302
    entered = client.post(answer["Location"], {"login": zhou.email, "password": chosen})
    assert entered["Location"] == "/"
