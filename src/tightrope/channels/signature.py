"""What stands below every letter to a customer: who we are, where to call, where to read on."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tightrope.channels.mail.reply_signs import PORTAL
from tightrope.channels.storable import one_line

DELIMITER = "-- "
"""By this line mail programs, and our own reading of answers, know what is no part of the letter (RFC 3676)."""
LINES_WITH_A_NAME = 3
"""Whoever signed by hand has his name among the last lines."""


def signed(text: str, *, language: str, author: str = "") -> str:
    """The words with the company's signature below, in the reader's language. A person's letter ends with his name,
    unless he wrote it himself. The address of the portal is the last line: reading an answer relies on it."""
    words = text.rstrip()
    name = one_line(author, 200)
    ending = [line for line in words.splitlines() if line.strip()][-LINES_WITH_A_NAME:]
    if name and not any(name in line for line in ending):
        words = f"{words}\n\n{name}"
    return "\n".join([words, "", DELIMITER, *_lines(language)])


def _lines(language: str) -> list[str]:
    with translation.override(language):
        call = [_("Hotline %(hotline)s") % {"hotline": settings.HOTLINE}] if settings.HOTLINE else []
    return [one_line(settings.COMPANY_NAME, 100), *call, f"{settings.PUBLIC_URL}{PORTAL}"]
