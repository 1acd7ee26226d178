"""Keeping files; import the acts from here."""

from tightrope.files.actions.attaching import attach
from tightrope.files.actions.preparing import prepare_file
from tightrope.files.actions.storing import NotAllowed, TooMany, store_file, store_files
from tightrope.files.actions.sweeping import ask_again, sweep_loose, sweep_orphans
from tightrope.files.storage import EmptyFile, TooLarge

__all__ = [
    "EmptyFile",
    "NotAllowed",
    "TooLarge",
    "TooMany",
    "ask_again",
    "attach",
    "prepare_file",
    "store_file",
    "store_files",
    "sweep_loose",
    "sweep_orphans",
]
