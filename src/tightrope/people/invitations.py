"""The link by which somebody who was invited sets a first password: signed, short-lived, used once."""

from __future__ import annotations

from django.core import signing

from tightrope.people.models import User

DAYS = 7
_SALT = "tightrope.people.invitation"


class InvalidInvitation(ValueError):
    """The link is none of ours, too old, or was used."""


def token_for(user: User) -> str:
    """A link's token. It holds part of the password's hash, so that setting a password uses it up."""
    return signing.dumps({"user": user.pk, "mark": _mark(user)}, salt=_SALT)


def invited(token: str) -> User:
    """The person behind the token. Raises InvalidInvitation."""
    try:
        facts = signing.loads(token, salt=_SALT, max_age=DAYS * 86400)
    except signing.BadSignature as error:
        raise InvalidInvitation from error
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    if user is None or facts["mark"] != _mark(user):
        raise InvalidInvitation
    return user


def _mark(user: User) -> str:
    return user.password[-16:]
