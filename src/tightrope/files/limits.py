"""How large a file may be, by what it is."""

from __future__ import annotations

from django.conf import settings

from tightrope.files.models import Attachment

USUAL_BYTES = 25 * 1024 * 1024


def largest(kind: str) -> int:
    """The most bytes a file of this kind may have: films as many as the administrator allows, all else fewer."""
    if kind == Attachment.Kind.VIDEO:
        return int(settings.FILES_LARGEST_BYTES)
    return min(
        int(settings.FILES_LARGEST_BYTES), int(getattr(settings, "FILES_LARGEST_USUAL_BYTES", USUAL_BYTES))
    )
