"""Who may change what the company tells by default; everybody reads and chooses his own."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import Audience, declare


class Can(StrEnum):
    CONFIGURE = "notice.configure"


declare(Can, {Can.CONFIGURE: _("Change who is told what by default")})

ROUTES: dict[str, dict[str, Any]] = {
    "notices:inbox": {"GET": Audience.STAFF},
    "notices:reading": {"POST": Audience.STAFF},
    "notices:answer": {"POST": Audience.STAFF},
    "notices:preferences": {"GET": Audience.STAFF, "POST": Audience.STAFF},
}
