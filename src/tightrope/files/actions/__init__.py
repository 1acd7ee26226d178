"""Keeping files; import the acts from here."""

from tightrope.files.actions.attaching import attach
from tightrope.files.actions.storing import NotAllowed, store_file
from tightrope.files.storage import EmptyFile, TooLarge

__all__ = ["EmptyFile", "NotAllowed", "TooLarge", "attach", "store_file"]
