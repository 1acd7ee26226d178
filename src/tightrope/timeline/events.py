"""The shape of everything that can have happened."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """One fact in the past tense. Subclasses are frozen dataclasses with a `kind` such as "case.closed".

    `is_public` says whether the customer of the account may read it; what is not said is for staff.
    The wording lives in `templates/<capability>/events/<name>.html`, in three languages.
    """

    kind: ClassVar[str]
    is_public: ClassVar[bool] = False

    def facts(self) -> dict[str, Any]:
        """The typed facts as they are stored: plain JSON values only."""
        return asdict(self)


_kinds: dict[str, type[Event]] = {}


def known_kinds() -> dict[str, type[Event]]:
    """Every event class by its kind, found by walking the subclasses."""

    def walk(cls: type[Event]) -> None:
        for child in cls.__subclasses__():
            if hasattr(child, "kind"):
                _kinds[child.kind] = child
            walk(child)

    walk(Event)
    return _kinds
