"""The desk's nouns: the case, its category, what is often said, and the ways to it."""

from tightrope.cases.models.calls import NEXT_WORKDAY, Attempt, Call
from tightrope.cases.models.case import (
    ENDS,
    LEGAL_MOVES,
    UNFINISHED,
    Case,
    CaseSet,
    IllegalMove,
    Stint,
)
from tightrope.cases.models.configured import CannedReply, Category, Rules, in_words_of_reader
from tightrope.cases.models.receptions import Reception
from tightrope.cases.models.signs import ComplaintSign
from tightrope.cases.models.ways import PrivateLink, SavedView

__all__ = [
    "ENDS",
    "LEGAL_MOVES",
    "NEXT_WORKDAY",
    "UNFINISHED",
    "Attempt",
    "Call",
    "CannedReply",
    "Case",
    "CaseSet",
    "Category",
    "ComplaintSign",
    "IllegalMove",
    "PrivateLink",
    "Reception",
    "Rules",
    "SavedView",
    "Stint",
    "in_words_of_reader",
]
