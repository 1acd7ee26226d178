"""What customers of the demo company say afterwards: the earlier we were, the better they like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightrope.cases import actions as cases
from tightrope.config.demo import company
from tightrope.config.demo.stories import COMMENTS
from tightrope.promises.models import Promise, PromiseKind, What
from tightrope.surveys import actions as surveys
from tightrope.surveys.models import FollowUp

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


def call_back(way: Way) -> None:
    """A low score was followed by a call within the day; most customers liked that."""
    for call in FollowUp.objects.filter(case_id=way.case.pk, closed_at__isnull=True):
        at = way.on(way.r.uniform(0.5, 6))
        surveys.note_call(
            call, outcome=FollowUp.Outcome.SETTLED, note=way.r.choice(CALLS), score_after=way.r.choice((3, 4, 4, 5)),
            by=company.actor_of("chen.gang"), at=at,
        )  # fmt: skip
        cases.dismiss_signs(way.case, by=company.actor_of("chen.gang"), at=at)


CALLS = ("已致歉并说明原因，客户接受。", "补充了检查记录，客户满意。", "约定下次优先安排，客户同意。")
