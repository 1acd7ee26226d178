"""The doors of the portal: what a customer, or the holder of a private link, may enter.

What is asked for under a name that is not theirs, was revoked or never existed gives one and the same answer.
"""

from __future__ import annotations

import hashlib
from typing import Any

from tightrope.cases.models import Case, PrivateLink
from tightrope.people.access import Audience

_ANYONE = {"GET": Audience.ANYONE, "POST": Audience.ANYONE}
_CUSTOMER: dict[str, Any] = {"GET": Audience.CUSTOMER}
_CUSTOMER_ACT: dict[str, Any] = {"POST": Audience.CUSTOMER}
_LINK: dict[str, Any] = {"GET": Audience.LINK}
_LINK_ACT: dict[str, Any] = {"POST": Audience.LINK}

ROUTES: dict[str, dict[str, Any]] = {
    "portal:home": {"GET": Audience.ANYONE},
    "portal:sign_in": _ANYONE,
    "portal:sent": {"GET": Audience.ANYONE},
    "portal:entry": _ANYONE,
    "portal:proof": _ANYONE,
    "portal:sign_out": {"POST": Audience.ANYONE},
    "portal:report": _ANYONE,
    "portal:form": _ANYONE,
    "portal:profile": {"GET": Audience.CUSTOMER, "POST": Audience.CUSTOMER},
    "portal:addresses": _CUSTOMER_ACT,
    "portal:address_choice": _CUSTOMER_ACT,
    "portal:address_removal": _CUSTOMER_ACT,
    "portal:address_proof": _ANYONE,
    "portal:case": _CUSTOMER,
    **dict.fromkeys(
        (
            "portal:words",
            "portal:confirmation",
            "portal:reopening",
            "portal:rating",
            "portal:following",
        ),
        _CUSTOMER_ACT,
    ),
    "portal:link": _LINK,
    "portal:thanks": _LINK,
    "portal:link_file": _LINK,
    "portal:link_thumbnail": _LINK,
    "portal:link_picture": _LINK,
    **dict.fromkeys(
        (
            "portal:link_words",
            "portal:link_confirmation",
            "portal:link_reopening",
            "portal:link_rating",
            "portal:link_following",
        ),
        _LINK_ACT,
    ),
}

MEMBERS_ONLY = frozenset(name for name, rule in ROUTES.items() if set(rule.values()) == {Audience.CUSTOMER})
"""Where somebody who is not signed in is asked to sign in as a customer."""


def link_for(token: str) -> PrivateLink | None:
    """The living private link with this token; None for a revoked one as for one that never was."""
    links = PrivateLink.objects.filter(token=token, revoked_at__isnull=True)
    links = links.exclude(contact__is_active=False)  # who has left the customer has left the link too
    return links.select_related("case", "contact", "case__account").first()


def case_behind(link: PrivateLink) -> Case:
    """The case a link opens, with what its page shows."""
    return Case.objects.with_people().get(pk=link.case_id)


def hash_of(token: str) -> str:
    """What is kept of a mailed secret."""
    return hashlib.sha256(token.encode()).hexdigest()
