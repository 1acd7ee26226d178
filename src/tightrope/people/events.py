"""What can have happened to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tightrope.timeline.events import Event


@dataclass(frozen=True)
class UserInvited(Event):
    kind: ClassVar[str] = "user.invited"
    name: str
    email: str


@dataclass(frozen=True)
class RolesChanged(Event):
    kind: ClassVar[str] = "user.roles_changed"
    roles: list[str]
    teams: list[str]


@dataclass(frozen=True)
class UserDisabled(Event):
    kind: ClassVar[str] = "user.disabled"
    reason: str


@dataclass(frozen=True)
class UserEnabled(Event):
    kind: ClassVar[str] = "user.enabled"
    name: str
