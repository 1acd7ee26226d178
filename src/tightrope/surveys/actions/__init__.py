"""Asking, answering, and calling back; import the acts from here."""

from tightrope.surveys.actions.answering import (
    NotRateable,
    ScoreOutOfRange,
    answer_survey,
    rate_case,
    recommend,
)
from tightrope.surveys.actions.asking import ask_by_mail, ask_in_portal
from tightrope.surveys.actions.calling import AlreadyClosed, NothingNoted, note_call, open_follow_up

__all__ = [
    "AlreadyClosed",
    "NotRateable",
    "NothingNoted",
    "ScoreOutOfRange",
    "answer_survey",
    "ask_by_mail",
    "ask_in_portal",
    "note_call",
    "open_follow_up",
    "rate_case",
    "recommend",
]
