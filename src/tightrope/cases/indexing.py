"""What of a case can be found by search."""

from __future__ import annotations

from tightrope import search
from tightrope.cases.models import Case
from tightrope.channels import queries


def index_case(case: Case, *, text: str | None = None) -> None:
    """Let the case be found by number, title and the customer's first words."""
    if text is None:
        text = queries.first_words(case.conversation)
    search.index(
        "case",
        case.pk,
        title=f"{case.number} {case.title}",
        body=text[:20_000],
        codes=(case.number,),
        account_id=case.account_id,
        contact_id=case.contact_id,
        at=case.told_at,
        audience="public",
    )


def index_again(*, after: int, limit: int) -> int | None:
    """Make the index anew for the next so many cases, by key; returns the key to go on after, None at the end."""
    cases = list(Case.objects.filter(pk__gt=after).select_related("conversation").order_by("pk")[:limit])
    for case in cases:
        index_case(case)
    return cases[-1].pk if len(cases) == limit else None
