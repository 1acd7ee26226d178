"""What the ledger does when something happened: tell those who are named in a warning."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tightrope.core.actor import SYSTEM
from tightrope.promises import queries
from tightrope.promises.models import Promise
from tightrope.promises.subjects import key_of, presented
from tightrope.timeline.queries import Happening


def on_warned(event: Happening) -> None:
    """Tell the people behind the named roles. What was kept or paused meanwhile warns nobody."""
    # Here and not above, so that the ledger does not load the inbox to count hours.
    from tightrope.notices.actions import notify

    promise = Promise.objects.filter(pk=event.facts["promise_id"]).first()
    if promise is None or not promise.is_running or promise.is_paused:
        return
    people = queries.people_to_warn(event.facts["roles"], user_id=promise.user_id, team_id=promise.team_id)
    if not people:
        return

    def title(language: str) -> str:
        return title_of(promise, event.facts["share"], language)

    notify(
        people,
        # A kind of its own, so that it is not folded into the warning of some minutes ago.
        kind="promise.due" if event.facts["share"] >= 100 else "promise.warned",
        title=title,
        url=reverse("promises:promise", args=[promise.public_id]),
        facts={
            "promise_id": promise.pk,
            "share": event.facts["share"],
            "what": promise.what,
            "subject": f"{promise.subject_type}:{promise.subject_id}",
        },
        by=SYSTEM,
        at=event.at,
    )


def title_of(promise: Promise, share: int, language: str) -> str:
    """The warning in one line, in the reader's language."""
    with translation.override(language):
        hit = presented([promise], by=SYSTEM).get(key_of(promise))
        facts = {
            "what": promise.get_what_display(),
            "kind": promise.get_kind_display(),
            "about": hit.title if hit else "",
            "share": share,
        }
        if share >= 100:
            return _("Due now: %(what)s (%(kind)s), %(about)s") % facts
        return _("%(share)s %% of the time is used up: %(what)s (%(kind)s), %(about)s") % facts
