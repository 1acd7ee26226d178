"""Who may change forms."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.people.access import declare


class Can(StrEnum):
    CONFIGURE = "form.configure"


declare(Can, {Can.CONFIGURE: _("Change forms and custom fields")})

_SEE = {"GET": Can.CONFIGURE}
_DO = {"POST": Can.CONFIGURE}
ROUTES: dict[str, dict[str, Any]] = {
    "fields:list": {**_SEE, **_DO},
    "fields:form": _SEE,
    "fields:version": _SEE,
    "fields:name": _DO,
    "fields:publication": _DO,
    "fields:discarding": _DO,
    "fields:questions": {**_SEE, **_DO},
    "fields:question": {**_SEE, **_DO},
    "fields:move": _DO,
    "fields:removal": _DO,
}
