"""Mail addresses and phone numbers in the one spelling under which they are kept and found."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

HOME_COUNTRY = "CN"
"""Where a number without country code is from when nothing else says it."""

FREE_MAIL = frozenset(
    [
        "qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "139.com",
        "189.cn",
        "21cn.com",
        "aliyun.com",
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.com.tw",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.ru",
        "hinet.net",
    ]
)
"""Mail providers where a shared domain says nothing about two people."""


class BadAddress(ValueError):
    """This cannot be a mail address or phone number; the message says which."""


def normalise(kind: str, value: str, *, country: str = HOME_COUNTRY) -> str:
    """The kept spelling: mail in lower case (the plus part stays), phone as E.164. Raises BadAddress."""
    plain = unicodedata.normalize("NFKC", value).strip().replace("\x00", "")
    if kind == "mail":
        return _mail(plain)
    if kind == "phone":
        return _phone(plain, country)
    if not plain or len(plain) > 200:
        raise BadAddress(_("An address cannot be empty or longer than 200 characters."))
    return plain


def _mail(plain: str) -> str:
    plain = plain.lower()
    try:
        validate_email(plain)
    except ValidationError:
        raise BadAddress(_("“%(value)s” is not a mail address.") % {"value": plain[:100]}) from None
    return plain


def _phone(plain: str, country: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise BadAddress(_("“%(value)s” is not a phone number.") % {"value": plain[:100]})
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{spelled};{number.extension}" if number.extension else str(spelled)


def shown(kind: str, value: str) -> str:
    """The address as people read it: a home number in national, a foreign one in international spacing."""
    if kind != "phone":
        return value
    import phonenumbers

    bare, _sep, extension = value.partition(";")
    number = phonenumbers.parse(bare, None)
    at_home = phonenumbers.region_code_for_number(number) == HOME_COUNTRY
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    spaced = str(phonenumbers.format_number(number, style))
    return f"{spaced} – {extension}" if extension else spaced


def spellings(kind: str, value: str) -> list[str]:
    """Every form in which somebody may search for the address."""
    if kind != "phone":
        return [value]
    import phonenumbers

    number = phonenumbers.parse(value.partition(";")[0], None)
    national = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return [value.partition(";")[0], str(number.national_number), national]


def domain_of(mail: str) -> str:
    """The company behind a mail address; empty when it is a public provider."""
    domain = mail.rpartition("@")[2]
    return "" if domain in FREE_MAIL else domain


def country_of_zone(time_zone: str) -> str:
    """The country whose numbers people of this time zone dial without a prefix."""
    return _countries().get(time_zone, HOME_COUNTRY)


@cache
def _countries() -> dict[str, str]:
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
