"""What scores are called."""

from __future__ import annotations

from django.utils.translation import gettext as _


def star_words() -> list[str]:
    """What the stars mean, from one to five."""
    return [_("Very bad"), _("Bad"), _("So-so"), _("Good"), _("Very good")]
