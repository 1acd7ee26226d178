"""The presets of roles that this installation offers; they are named where everything is put together."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from tightrope.people.actions import RolePreset


def known_presets() -> dict[str, tuple[RolePreset, ...]]:
    """Every preset by its code."""
    found: dict[str, tuple[RolePreset, ...]] = import_string(settings.ROLE_PRESETS)
    return found
