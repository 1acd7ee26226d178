"""Who may read what customers said, and who calls them back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    VIEW = "survey.view"
    FOLLOW_UP = "survey.follow_up"


declare(
    Can,
    {
        Can.VIEW: _("See what customers said"),
        Can.FOLLOW_UP: _("Call customers back after a low score"),
    },
)

ROUTES: dict[str, dict[str, Any]] = {}
