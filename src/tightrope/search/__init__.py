"""One box over everything. Capabilities call `register`, `index` and `forget`; whoever looks calls `find`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from tightrope.search.registry import Hit, UnknownKind, register

if TYPE_CHECKING:
    from tightrope.core.actor import Actor
    from tightrope.search.queries import Hits

__all__ = ["Hit", "UnknownKind", "find", "forget", "index", "register"]


def index(
    kind: str, object_id: int, *, title: str, body: str, account_id: int | None, contact_id: int | None = None,
    codes: Iterable[str] = (), at: datetime, audience: Literal["staff", "public"] = "staff",
) -> None:  # fmt: skip
    """Let a thing be found, in the transaction of the act that changed it; see `search.actions.index`."""
    from tightrope.search import actions

    actions.index(
        kind, object_id, title=title, body=body, account_id=account_id, contact_id=contact_id,
        codes=codes, at=at, audience=audience,
    )  # fmt: skip


def forget(kind: str, object_id: int) -> None:
    """Take a thing out of the index; see `search.actions.forget`."""
    from tightrope.search import actions

    actions.forget(kind, object_id)


def find(
    text: str, *, by: Actor, kinds: Collection[str] | None = None, limit: int = 20, after: str | None = None
) -> Hits:
    """What fits the text and `by` may see; see `search.queries.find`."""
    from tightrope.search import queries

    return queries.find(text, by=by, kinds=kinds, limit=limit, after=after)
