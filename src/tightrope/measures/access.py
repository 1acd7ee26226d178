"""Who may see figures, and who may take the record out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import Audience, declare


class Can(StrEnum):
    VIEW = "measure.view"
    AUDIT = "record.export"


declare(
    Can,
    {
        Can.VIEW: _("See figures"),
        Can.AUDIT: _("Export the audit log"),
    },
)

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
    "measures:record": {"GET": Can.AUDIT, "POST": Can.AUDIT},
    "api:measures-record": {"GET": Can.AUDIT},
    "api:measures-record_exports": {"POST": Can.AUDIT},
}
