"""What can be found: each capability registers its kinds, says who sees what, and how a hit reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tightrope.core.actor import Actor


class UnknownKind(LookupError):
    """No capability registered this kind of thing for search."""


@dataclass(frozen=True, slots=True)
class Hit:
    """How one found thing reads: its title, where it lives, a quiet line beside it and its light."""

    title: str
    url: str
    hint: str = ""
    light: str = ""


Visible = Callable[[Actor, Collection[int]], set[int]]
SeesAll = Callable[[Actor], bool]
Present = Callable[[Collection[int]], Mapping[int, Hit]]


@dataclass(frozen=True, slots=True)
class Findable:
    """One kind of thing that search knows."""

    kind: str
    visible: Visible
    present: Present
    sees_all: SeesAll
    label: Any
    icon: str


_kinds: dict[str, Findable] = {}


def register(
    kind: str, *, visible: Visible, present: Present, sees_all: SeesAll = lambda by: False, label: Any = "",
    icon: str = "file",
) -> None:  # fmt: skip
    """Let things of this kind be found.

    `visible(by, ids)` answers which of these ids the doer may see, `present(ids)` how they read.
    `sees_all(by)` says that nothing of this kind is hidden from the doer: then `visible` is not asked.
    `label` is the heading over its hits, in the plural.
    """
    _kinds[kind] = Findable(
        kind=kind, visible=visible, present=present, sees_all=sees_all, label=label or kind, icon=icon
    )


def findable(kind: str) -> Findable:
    """What was registered for a kind. Raises UnknownKind."""
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def kinds() -> list[str]:
    """Every registered kind, in the order of registration."""
    return list(_kinds)
