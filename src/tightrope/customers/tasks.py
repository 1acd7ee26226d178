"""Job entry points of customers."""

from __future__ import annotations

from django.db import transaction

from tightrope.core import jobs
from tightrope.customers import search

AT_ONCE = 200


@jobs.job("customers.index_again", queue="slow")
@transaction.atomic
def index_again(*, kind: str = "", after: int = 0) -> None:
    """Make the search index anew for a batch, and queue the next one; without a kind, for everything.

    People work meanwhile: each batch is a short transaction, and what changes behind it indexes itself.
    """
    if not kind:
        for one in ("account", "contact"):
            jobs.enqueue("customers.index_again", kind=one)
        return
    last = search.index_again(kind, after=after, limit=AT_ONCE)
    if last is not None:
        jobs.enqueue("customers.index_again", kind=kind, after=last)
