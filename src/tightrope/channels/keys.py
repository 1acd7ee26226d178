"""The key that marks our reply addresses, drawn from the installation's secret for this one purpose."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def reply_keys() -> tuple[bytes, ...]:
    """The key in use; a second one, of the secret before, may be named for the time of a change."""
    return tuple(
        hmac.new(secret.encode(), b"tightrope reply address", hashlib.sha256).digest()
        for secret in (settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", ()))
    )
