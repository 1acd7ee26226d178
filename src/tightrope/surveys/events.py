"""What can have happened to a survey. Its subject is the case, so it stands on that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class SurveyAsked(Event):
    kind: ClassVar[str] = "survey.asked"
    is_public: ClassVar[bool] = True
    survey_id: int
    question: str
    channel: str


@dataclass(frozen=True)
class SurveyAnswered(Event):
    kind: ClassVar[str] = "survey.answered"
    is_public: ClassVar[bool] = True
    survey_id: int
    question: str
    score: int
    has_comment: bool
    is_low: bool


@dataclass(frozen=True)
class FollowUpOpened(Event):
    kind: ClassVar[str] = "survey.follow_up"
    follow_up_id: int
    score: int
    question: str
    due_at: str
    who: str


@dataclass(frozen=True)
class FollowUpCalled(Event):
    kind: ClassVar[str] = "survey.called"
    follow_up_id: int
    outcome: str
    attempts: int
    score_after: int | None
