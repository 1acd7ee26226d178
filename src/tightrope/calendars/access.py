"""Who may change working time."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import Audience, declare


class Can(StrEnum):
    CONFIGURE = "calendar.configure"


declare(Can, {Can.CONFIGURE: _("Change working calendars and holidays")})

ROUTES: dict[str, dict[str, Any]] = {
    "calendars:list": {"GET": Audience.STAFF},
    "calendars:new": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:year": {"GET": Audience.STAFF},
    "calendars:edit": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:day": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:confirmation": {"POST": Can.CONFIGURE},
}
