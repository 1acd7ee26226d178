"""Keeping a view of the queue under a name. It changes nothing of the business and stands on no line."""

from __future__ import annotations

from django.db import transaction

from tightrope.cases.models import SavedView
from tightrope.core.actor import Actor
from tightrope.people.access import Denied


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool, by: Actor) -> SavedView:
    """Keep the filters under this name; saving the same name again replaces them. Raises Denied."""
    if by.user_id is None:
        raise Denied("staff")
    view, _is_new = SavedView.objects.update_or_create(
        user_id=by.user_id,
        name=" ".join(name.split())[:80],
        defaults={"query": query[:500], "is_shared": is_shared},
    )
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Actor) -> None:
    """Forget a view of one's own. Raises Denied."""
    if by.user_id is None or view.user_id != by.user_id:
        raise Denied("owner of the view")
    view.delete()
