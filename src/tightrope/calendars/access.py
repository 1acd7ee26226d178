"""Who may change working time and plan duty."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import Audience, declare


class Can(StrEnum):
    CONFIGURE = "calendar.configure"
    PLAN_DUTY = "duty.plan"


declare(
    Can,
    {
        Can.CONFIGURE: _("Change working calendars and holidays"),
        Can.PLAN_DUTY: _("Say who is on duty for a team"),
    },
)

ROUTES: dict[str, dict[str, Any]] = {
    "calendars:list": {"GET": Audience.STAFF},
    "calendars:new": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:year": {"GET": Audience.STAFF},
    "calendars:edit": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:day": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "calendars:duty": {"GET": Audience.STAFF},
    "calendars:duty_of_team": {"GET": Audience.STAFF},
    "calendars:weekly_duty": {"POST": Can.PLAN_DUTY},
    "calendars:duty_once": {"POST": Can.PLAN_DUTY},
    "calendars:duty_end": {"POST": Can.PLAN_DUTY},
    "calendars:confirmation": {"POST": Can.CONFIGURE},
}
