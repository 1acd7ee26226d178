"""What the acts of the desk refuse, gathered for pages and interface alike."""

from __future__ import annotations

from tightrope.cases import actions
from tightrope.cases.models import IllegalMove
from tightrope.channels import actions as channels
from tightrope.files import actions as files
from tightrope.promises import actions as promises

CONFLICTS = (actions.AlreadyAccepted, IllegalMove, channels.TooLate)
"""Somebody was quicker, or the case is not where one thought: 409, with the sentence that says so."""
REFUSALS = (
    *CONFLICTS,
    actions.DifferentAccounts,
    actions.EmptyText,
    actions.MergeIntoItself,
    actions.NoCause,
    actions.NoReason,
    actions.NoSuchTry,
    actions.NoTitle,
    actions.NotAFamily,
    actions.NotAssignable,
    actions.NothingToSplit,
    actions.OpenChildren,
    actions.ToldInFuture,
    actions.ToldTooLongAgo,
    actions.TooLate,
    actions.TooManyTags,
    promises.DueInPast,
)
"""What an act may answer instead of acting. Each message is a sentence for the person."""
NOT_KEPT = (files.TooMany, files.TooLarge, files.NotAllowed, files.EmptyFile)
"""Why what was added to a message is not taken. Each message is a sentence for the person."""


def status_of(refusal: Exception) -> int:
    """409 when somebody or something was quicker, else 422."""
    return 409 if isinstance(refusal, CONFLICTS) else 422
