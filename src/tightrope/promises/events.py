"""What can have happened to a promise. Its subject is what it was made about, so it stands on that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class _AboutPromise(Event):
    """Customers read what was promised to them; contracts and internal targets are for staff."""

    promise_id: int
    what: str
    promise_kind: str
    due_at: str

    @property
    def is_public(self) -> bool:  # type: ignore[override]
        return self.promise_kind == "customer"


@dataclass(frozen=True)
class PromiseMade(_AboutPromise):
    kind: ClassVar[str] = "promise.made"
    text: str
    policy: str


@dataclass(frozen=True)
class PromiseKept(_AboutPromise):
    kind: ClassVar[str] = "promise.kept"
    margin_seconds: float
    margin_working_seconds: float
    is_beaten: bool


@dataclass(frozen=True)
class PromiseMissed(_AboutPromise):
    kind: ClassVar[str] = "promise.missed"


@dataclass(frozen=True)
class PromiseWarned(_AboutPromise):
    kind: ClassVar[str] = "promise.warned"
    share: int
    roles: list[str]
    user_id: int | None
    team_id: int | None

    @property
    def is_public(self) -> bool:  # type: ignore[override]
        return False


@dataclass(frozen=True)
class PromiseReplaced(_AboutPromise):
    """`due_at` is the new instant."""

    kind: ClassVar[str] = "promise.replaced"
    before: str
    reason: str
    by_promise_id: int


@dataclass(frozen=True)
class PromiseWithdrawn(_AboutPromise):
    kind: ClassVar[str] = "promise.withdrawn"
    reason: str


@dataclass(frozen=True)
class PromisePaused(_AboutPromise):
    kind: ClassVar[str] = "promise.paused"
    reason: str


@dataclass(frozen=True)
class PromiseResumed(_AboutPromise):
    kind: ClassVar[str] = "promise.resumed"
