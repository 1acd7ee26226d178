"""Who may change forms."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    CONFIGURE = "form.configure"


declare(Can, {Can.CONFIGURE: _("Change forms and custom fields")})

ROUTES: dict[str, dict[str, Any]] = {}
