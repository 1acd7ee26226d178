"""Strangers' words made fit for a row: the database takes no NUL and no half characters."""

from __future__ import annotations


def storable(text: str, at_most: int) -> str:
    """The text with replacement characters for what cannot be stored, cut to a length."""
    return text[:at_most].replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def one_line(text: str, at_most: int) -> str:
    """The same as one line, for headers: a line break in one would let its author add another."""
    return " ".join(storable(text, at_most * 2).split())[:at_most]
