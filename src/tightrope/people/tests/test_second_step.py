"""A second step of signing in: whoever was invited sets it up without help, and is asked for it from then on."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from tests import cast

pytestmark = pytest.mark.django_db


def code_of_now(secret: str) -> str:
    """What an authenticator app shows for a secret."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def test_somebody_invited_sets_up_a_second_step_and_is_asked_for_it(client):
    zhou = cast.zhou_min()
    name_and_password = {"login": zhou.email, "password": cast.PASSWORD}
    client.post(reverse("account_login"), name_and_password)
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})

    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    answer = client.post(
        reverse("mfa_activate_totp"), {"code": code_of_now(client.session["mfa.totp.secret"])}
    )

    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=zhou, type=Authenticator.Type.TOTP).count() == 1
    client.logout()
    asked = client.post(reverse("account_login"), name_and_password)
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get("/me/").status_code == 302
