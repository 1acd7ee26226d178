"""Who may see figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import Audience, declare


class Can(StrEnum):
    VIEW = "measure.view"


declare(Can, {Can.VIEW: _("See figures")})

ROUTES: dict[str, dict[str, Any]] = {
    "measures:start": {"GET": Audience.ANYONE},
    "measures:overview": {"GET": Can.VIEW},
    "measures:dictionary": {"GET": Audience.STAFF},
    "measures:stalling": {"GET": Can.VIEW},
    "measures:departments": {"GET": Can.VIEW},
    "measures:solutions": {"GET": Can.VIEW},
    "measures:clarifications": {"GET": Can.VIEW},
    "measures:sales": {"GET": Can.VIEW},
    "measures:delivery": {"GET": Can.VIEW},
    "measures:mine": {"GET": Audience.STAFF},
    "measures:passages": {"GET": Audience.STAFF},
}
