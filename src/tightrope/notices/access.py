"""Who may change what the company tells by default."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    CONFIGURE = "notice.configure"


declare(Can, {Can.CONFIGURE: _("Change who is told what by default")})

ROUTES: dict[str, dict[str, Any]] = {}
