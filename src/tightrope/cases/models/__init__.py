"""The desk's nouns: the case, its category, what is often said, and the ways to it."""

from tightrope.cases.models.case import (
    LEGAL_MOVES,
    UNFINISHED,
    Case,
    CaseSet,
    IllegalMove,
    PrivateLink,
    SavedView,
    Stint,
)
from tightrope.cases.models.configured import CannedReply, Category, Rules, in_words_of_reader

__all__ = [
    "LEGAL_MOVES",
    "UNFINISHED",
    "CannedReply",
    "Case",
    "CaseSet",
    "Category",
    "IllegalMove",
    "PrivateLink",
    "Rules",
    "SavedView",
    "Stint",
    "in_words_of_reader",
]
