"""What customers of the demo company say afterwards: the earlier we were, the better they like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightrope.config.demo.stories import COMMENTS
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.surveys import actions as surveys

if TYPE_CHECKING:
    from tightrope.config.demo.history import Way


def rate(way: Way) -> None:
    """Four in ten answer; a missed promise costs stars, a beaten one earns them."""
    r = way.r
    if r.random() > 0.4:
        return
    resolution = Promise.objects.filter(
        subject_type="case", subject_id=way.case.pk, kind=PromiseKind.CUSTOMER, what=What.RESOLUTION
    )
    last = resolution.exclude(kept_at=None).order_by("-pk").first()
    liking = 4.1
    if last is not None:
        liking += 0.5 if last.is_beaten else 0.1 if last.missed_at is None else -1.1
    liking -= 0.9 * way.case.reopenings
    score = max(1, min(5, round(r.gauss(liking, 0.8))))
    comment = COMMENTS[score][way.language] if r.random() < 0.35 else ""
    surveys.rate_case(way.case, score=score, comment=comment, by=way.customer, at=way.on(0.5))
