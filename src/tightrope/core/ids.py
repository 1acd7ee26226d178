"""Names of things that strangers may see."""

from __future__ import annotations

import secrets


def public_id() -> str:
    """A random name of 132 bits, safe in any link. Knowing one says nothing of the next."""
    return secrets.token_urlsafe(17)[:22]
