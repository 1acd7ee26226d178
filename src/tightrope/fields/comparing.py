"""What is different between two versions of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tightrope.fields.questions import Question


@dataclass(frozen=True)
class Difference:
    """Questions that came, went, are asked differently, or stand elsewhere."""

    added: list[Question] = field(default_factory=list)
    removed: list[Question] = field(default_factory=list)
    changed: list[tuple[Question, Question]] = field(default_factory=list)
    moved: list[Question] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed or self.moved)


def difference(before: Sequence[Question], after: Sequence[Question]) -> Difference:
    """From one version to the other."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    kept_before = [key for key in old if key in new]
    kept_after = [key for key in new if key in old]
    return Difference(
        added=[one for one in after if one.key not in old],
        removed=[one for one in before if one.key not in new],
        changed=[(old[key], new[key]) for key in kept_after if old[key] != new[key]],
        moved=[new[key] for place, key in enumerate(kept_after) if kept_before[place] != key],
    )
