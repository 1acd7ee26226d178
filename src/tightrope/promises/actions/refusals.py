"""What several acts refuse."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tightrope.promises.models import Promise


class NoReason(ValueError):
    """Changing or withdrawing a promise needs a reason that the other side may read."""


class NotRunning(ValueError):
    """This promise was kept or ended already."""


def require_reason(reason: str) -> str:
    """The reason as it is kept. Raises NoReason."""
    said = " ".join(reason.split())[:500]
    if not said:
        raise NoReason(_("Say why; whoever relied on it will ask."))
    return said


def require_running(promise: Promise) -> None:
    """Raises NotRunning."""
    if not promise.is_running:
        raise NotRunning(_("This promise was kept or ended already."))
