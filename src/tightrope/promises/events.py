"""What can have happened to a promise. Its subject is what it was made about, so it stands on that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class AboutPromise(Event):
    """Customers read what was promised to them; contracts and internal targets are for staff."""

    promise_id: int
    promise_public_id: str
    what: str
    promise_kind: str
    due_at: str

    @property
    def is_public(self) -> bool:  # type: ignore[override]
        return self.promise_kind == "customer"


@dataclass(frozen=True)
class AmongOurselves(AboutPromise):
    """What happened inside the house: no matter to whom the promise was made, it is for staff."""

    @property
    def is_public(self) -> bool:  # type: ignore[override]
        return False


@dataclass(frozen=True)
class PromiseMade(AboutPromise):
    """`by_policy` is the name of the policy, empty for a person's word; `text` what the person said."""

    kind: ClassVar[str] = "promise.made"
    text: str
    by_policy: str


@dataclass(frozen=True)
class PromiseKept(AboutPromise):
    """Also a late keeping: the margins are negative then."""

    kind: ClassVar[str] = "promise.kept"
    margin_seconds: float
    margin_working_seconds: float
    is_beaten: bool


@dataclass(frozen=True)
class PromiseUnkept(AboutPromise):
    """What had kept it was taken back; it runs on with the due time it had."""

    kind: ClassVar[str] = "promise.unkept"


@dataclass(frozen=True)
class PromiseMissed(AboutPromise):
    kind: ClassVar[str] = "promise.missed"


@dataclass(frozen=True)
class PromiseWarned(AmongOurselves):
    """So much of the time is used up; `roles` are to be told."""

    kind: ClassVar[str] = "promise.warned"
    share: int
    roles: list[str]
    user_id: int | None
    team_id: int | None


@dataclass(frozen=True)
class PromiseReplaced(AboutPromise):
    """`due_at` is the new instant, `before` the old one; the promise named is the new one. `source` says on whose
    instruction; the wording leaves it out, for the customer reads it too."""

    kind: ClassVar[str] = "promise.replaced"
    before: str
    reason: str
    replaced_promise_id: int
    source: str


@dataclass(frozen=True)
class PromiseWithdrawn(AboutPromise):
    """`is_told`: the reason was written for the customer. When the end of a case takes its promises along,
    the reason is one of the desk's and stays there."""

    kind: ClassVar[str] = "promise.withdrawn"
    reason: str
    is_told: bool

    @property
    def is_public(self) -> bool:  # type: ignore[override]
        return self.is_told and self.promise_kind == "customer"


@dataclass(frozen=True)
class PromisePaused(AboutPromise):
    kind: ClassVar[str] = "promise.paused"
    reason: str


@dataclass(frozen=True)
class PromiseResumed(AboutPromise):
    """`due_at` is where the due instant has moved to."""

    kind: ClassVar[str] = "promise.resumed"


@dataclass(frozen=True)
class PromiseGiven(AmongOurselves):
    """Somebody else answers for a promise from now on."""

    kind: ClassVar[str] = "promise.given"
    to_whom: str
    user_id: int | None
    team_id: int | None


@dataclass(frozen=True)
class PolicyChanged(Event):
    """`changes` names what is different, each with before and after, in plain words."""

    kind: ClassVar[str] = "policy.changed"
    name: str
    version: int
    changes: dict[str, list[str]]


@dataclass(frozen=True)
class PolicyAdded(Event):
    kind: ClassVar[str] = "policy.added"
    name: str
