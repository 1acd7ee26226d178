"""Keeping files; import the acts from here."""

from tightrope.files.actions.attaching import attach

__all__ = ["attach"]
