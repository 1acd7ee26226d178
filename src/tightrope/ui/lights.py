"""Which of the lights a thing shows. Late is not a status of its own: it overrides while a promise is overrun."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIGHTS = ("received", "accepted", "waiting", "solved", "late", "reopened")

WORDS: dict[str, Promise] = {
    "received": _("Received"),
    "accepted": _("Accepted"),
    "waiting": _("Waiting for the customer"),
    "solved": _("Solved"),
    "late": _("Late"),
    "reopened": _("Reopened"),
}
# The customer reads the same light in words that speak to them.
WORDS_FOR_CUSTOMER: dict[str, Promise] = WORDS | {"waiting": _("Waiting for you")}

_LIGHT_OF_STATUS = {
    "received": "received", "accepted": "accepted", "waiting": "waiting",
    "solved": "solved", "closed": "solved", "reopened": "reopened",
    "merged": "received", "rejected": "received", "late": "late",
    "running": "accepted", "paused": "waiting", "kept": "solved", "missed": "late",
    "replaced": "received", "withdrawn": "received",
    "planned": "received", "scheduled": "accepted", "under_way": "accepted", "on_site": "accepted",
    "done": "solved", "reported": "solved", "failed": "late", "cancelled": "received",
}  # fmt: skip


class NoLight(LookupError):
    """The thing has neither a light nor a status that a light is known for."""


def light_of(thing: object) -> str:
    """The light of a case, a promise, a work order, or of a status word.

    A ``light`` of its own wins, then ``is_late``, then ``status``. Raises NoLight for anything else,
    because a wrong colour is worse than a page that fails in a test.
    """
    own = getattr(thing, "light", None)
    if own is not None:
        return str(own() if callable(own) else own)
    if getattr(thing, "is_late", False) is True:
        return "late"
    status = str(thing if isinstance(thing, str) else getattr(thing, "status", ""))
    try:
        return _LIGHT_OF_STATUS[status]
    except KeyError:
        raise NoLight(f"No light is known for {status or thing!r}.") from None
