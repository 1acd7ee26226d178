"""What can have happened to people, teams, roles, keys, and to the installation as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from tightrope.timeline.events import Event


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, as it was and as it is, in values that are kept with an event."""
    return {
        name: [_plain(before[name]), _plain(value)] for name, value in after.items() if before[name] != value
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


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
    """`keys`: the keys for programs that stopped with it, by name."""

    kind: ClassVar[str] = "user.disabled"
    reason: str
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class UserEnabled(Event):
    kind: ClassVar[str] = "user.enabled"
    name: str


@dataclass(frozen=True)
class PasswordSet(Event):
    """An invitation was taken up. What the password is stands nowhere."""

    kind: ClassVar[str] = "user.password_set"
    name: str


@dataclass(frozen=True)
class UserChanged(Event):
    kind: ClassVar[str] = "user.changed"
    name: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True)
class UserAddressChanged(Event):
    """The address with which a person signs in is another one."""

    kind: ClassVar[str] = "user.address_changed"
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class TeamMade(Event):
    kind: ClassVar[str] = "team.made"
    name: str
    code: str


@dataclass(frozen=True)
class TeamChanged(Event):
    kind: ClassVar[str] = "team.changed"
    name: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True)
class RoleMade(Event):
    """`grants`: permission to scope."""

    kind: ClassVar[str] = "role.made"
    name: str
    grants: dict[str, int]


@dataclass(frozen=True)
class RoleChanged(Event):
    """`grants`: permission to the scope before and after; 0 is none."""

    kind: ClassVar[str] = "role.changed"
    name: str
    former_name: str
    grants: dict[str, list[int]]


@dataclass(frozen=True)
class KeyMade(Event):
    """A key for a program. Its secret stands nowhere."""

    kind: ClassVar[str] = "key.made"
    name: str
    prefix: str
    grants: dict[str, int]
    expires_at: datetime | None


@dataclass(frozen=True)
class KeyTakenOver(Event):
    """Another person answers for the key from now on."""

    kind: ClassVar[str] = "key.taken_over"
    name: str
    prefix: str
    former_owner: str


@dataclass(frozen=True)
class KeyRevoked(Event):
    kind: ClassVar[str] = "key.revoked"
    name: str
    prefix: str
