"""Things to be found, of kinds that only these tests know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tightrope import search
from tightrope.core.actor import Actor, Kind, Scope

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass
class Shelf:
    """A kind of thing with its own idea of who may see what."""

    kind: str
    titles: dict[int, str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)

    def put(
        self, title: str, body: str = "", *, codes: Collection[str] = (), account: int | None = None,
        contact: int | None = None, audience: str = "staff",
    ) -> int:  # fmt: skip
        number = len(self.titles) + 1
        self.titles[number] = title
        search.index(
            self.kind, number, title=title, body=body, account_id=account, contact_id=contact, codes=codes,
            at=START + timedelta(minutes=number), audience=audience,  # type: ignore[arg-type]
        )  # fmt: skip
        return number

    def visible(self, by: Actor, ids: Collection[int]) -> set[int]:
        self.asked.extend(ids)
        return set(ids) - self.hidden

    def present(self, ids: Collection[int]) -> Mapping[int, search.Hit]:
        return {
            i: search.Hit(title=self.titles[i], url=f"/{self.kind}/{i}/") for i in ids if i in self.titles
        }


def staff() -> Actor:
    return Actor(kind=Kind.STAFF, id=1, name="周敏", grants={"case.view": Scope.ALL})


def contact_of(*accounts: int, contact: int = 900) -> Actor:
    return Actor(
        kind=Kind.CONTACT, id=contact, name="王磊", accounts=frozenset(accounts),
        sees_colleagues=frozenset(accounts), contact=contact,
    )  # fmt: skip
