"""The pages that allauth draws, in Chinese: nothing of them is left in English."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.urls import get_resolver, reverse
from tests import cast

pytestmark = pytest.mark.django_db

NOT_WORDS = re.compile(
    r"(?<![A-Za-z])(Lift|Air|English|JavaScript|IP|PIN|QR|[A-Z2-7]{32})(?![A-Za-z])|[\w.+-]+@[\w.-]+"
)
"""Names of things and people, secrets, and what a browser calls itself."""
LATIN = re.compile(r"[A-Za-z]{2,}[A-Za-z ,.'’]*")
OF_A_KEY = ("mfa_edit_webauthn", "mfa_remove_webauthn")
OTHERWISE = {
    "account_confirm_email",  # answers to a mailed key that we never mail
    "account_reset_password_from_key",
    "mfa_download_recovery_codes",  # a file
    "mfa_login_webauthn",  # data for a script
}


def borrowed() -> dict[str, str]:
    """Every page of allauth that is not of one key, with its address."""
    names = (
        {name for name in get_resolver().reverse_dict if isinstance(name, str)} - OTHERWISE - set(OF_A_KEY)
    )
    return {
        name: reverse(name)
        for name in sorted(names)
        if name.split("_")[0] in {"account", "mfa", "usersessions", "socialaccount"}
    }


class Words(HTMLParser):
    """What a reader of a page sees, or is told of it."""

    SILENT = ("script", "style", "svg", "template", "code", "option")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent.append(tag)
        said = dict(attrs)
        self.found += [
            said[name] or "" for name in ("placeholder", "title", "aria-label", "alt") if name in said
        ]
        if tag == "input" and said.get("type") in {"submit", "button", "text"}:
            self.found.append(said.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data.strip())


def english_in(answer) -> set[str]:
    words = Words()
    words.feed(answer.content.decode())
    return {left.strip() for said in words.found for left in LATIN.findall(NOT_WORDS.sub("", said))}


def keys_of(user) -> list[Authenticator]:
    """One key of each kind, one of them used."""
    kinds = [{"credProps": {"rk": True}}, {"credProps": {"rk": False}}, {}]
    keys = [
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "钥匙", "credential": {"clientExtensionResults": kind}},
        )
        for kind in kinds
    ]
    keys[0].last_used_at = datetime(2026, 11, 1, tzinfo=UTC)
    keys[0].save()
    return keys


@pytest.fixture(params=["zh-hans", "zh-hant"])
def language(client, request) -> str:
    client.cookies["django_language"] = request.param
    return request.param


@pytest.fixture
def reader(client, language):
    """Somebody who signed in and said his password again just now."""
    user = cast.zhou_min()
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
    return user


def left_in_english(ask, addresses: dict[str, str]) -> dict[str, set[str]]:
    """What stands in English on each page that is shown."""
    answers = {name: ask(address) for name, address in addresses.items()}
    shown = {name: answer for name, answer in answers.items() if answer.status_code == 200}
    assert shown
    return {name: english for name, answer in shown.items() if (english := english_in(answer))}


@pytest.mark.parametrize("has_second_step", [False, True], ids=["password alone", "second step"])
def test_no_page_for_who_signed_in_is_left_in_english(client, reader, has_second_step):
    if has_second_step:
        totp.TOTP.activate(reader, totp.generate_totp_secret())
        RecoveryCodes.activate(reader)

    assert left_in_english(client.get, borrowed()) == {}


def test_no_page_of_the_own_keys_is_left_in_english(client, reader):
    keys = keys_of(reader)
    pages = {name: reverse(name, args=[keys[0].pk]) for name in OF_A_KEY}
    pages |= {name: reverse(name) for name in ("mfa_index", "mfa_list_webauthn")}

    assert left_in_english(client.get, pages) == {}


def test_no_page_for_who_did_not_sign_in_is_left_in_english(client, language):

    assert left_in_english(client.get, borrowed()) == {}


def test_no_refusal_is_left_in_english(client, reader):
    pages = {name: address for name, address in borrowed().items() if name != "account_logout"}
    wrong = {"login": "x", "email": "x", "code": "x", "password": "y", "oldpassword": "z", "password1": "1"}

    assert left_in_english(lambda address: client.post(address, wrong), pages) == {}


def test_the_second_step_is_asked_for_in_chinese(client, language):
    user = cast.zhou_min()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})

    asked = client.get(reverse("mfa_authenticate"))
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert asked.status_code == 200
    assert english_in(asked) == set()
    assert english_in(refused) == set()
