"""Who may see, make and change promises."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    VIEW = "promise.view"
    MAKE = "promise.make"
    CHANGE = "promise.change"
    WITHDRAW = "promise.withdraw"
    CONFIGURE = "promise.configure"


declare(
    Can,
    {
        Can.VIEW: _("See promises"),
        Can.MAKE: _("Give a word to a customer"),
        Can.CHANGE: _("Change a promised time, with a reason"),
        Can.WITHDRAW: _("Withdraw a promise, with a reason"),
        Can.CONFIGURE: _("Change the policies of promises"),
    },
)

ROUTES: dict[str, dict[str, Any]] = {}
