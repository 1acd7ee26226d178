"""What an administrator decided about the running program. Its subject is the installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class JobTriedAgain(Event):
    """A job that had failed for good was queued once more."""

    kind: ClassVar[str] = "job.tried_again"
    job_id: int
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class JobGivenUp(Event):
    """A person decided that a failed job will not be done."""

    kind: ClassVar[str] = "job.given_up"
    job_id: int
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class SearchIndexRenewed(Event):
    """The search index is being made anew. `jobs` name what of it."""

    kind: ClassVar[str] = "search.index_renewed"
    jobs: list[str]
