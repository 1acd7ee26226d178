"""Who may see what went in and out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    OPERATE = "message.operate"


declare(Can, {Can.OPERATE: _("See mail that was sent, kept or could not be read")})

ROUTES: dict[str, dict[str, Any]] = {}
