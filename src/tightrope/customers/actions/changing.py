"""Applying changes to a row and keeping what was before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _


class UnknownField(ValueError):
    """This cannot be changed so."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the same row since it was read. `current` is how it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(_("Somebody else has changed this in the meantime. Please compare and save again."))
        self.current = current


def apply_changes(
    row: models.Model, changes: Mapping[str, Any], *, allowed: Collection[str], version: int
) -> dict[str, list[Any]]:
    """Set the fields that differ and count the version up; returns what was and is, in plain values.

    Raises UnknownField for a field that is not `allowed`, ChangedMeanwhile when `version` is not the row's.
    """
    unknown = set(changes) - set(allowed)
    if unknown:
        raise UnknownField(", ".join(sorted(unknown)))
    told: dict[str, list[Any]] = {}
    for name, value in changes.items():
        before = getattr(row, name)
        if before != value:
            told[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    if not told:
        return {}
    if row.version != version:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(type(row)._default_manager.get(pk=row.pk))
    row.version += 1  # type: ignore[attr-defined]
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value
