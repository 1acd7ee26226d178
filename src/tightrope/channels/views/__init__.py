"""The mail pages."""

from tightrope.channels.views.frames import frame
from tightrope.channels.views.incoming import inbox, original, raw, read_again, vouch
from tightrope.channels.views.letters import letter, outbox, send_again

__all__ = ["frame", "inbox", "letter", "original", "outbox", "raw", "read_again", "send_again", "vouch"]
