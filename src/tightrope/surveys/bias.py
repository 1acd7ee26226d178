"""Who answers and who does not. A share of satisfied customers says nothing of those who were silent; where the
silent differ from those who spoke, it leans to one side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tightrope.cases.models import Category
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.promises.models import Promise, PromiseKind
from tightrope.surveys.models import Rows, Survey
from tightrope.surveys.queries import Share

TOO_FEW = 5
"""Of fewer who were asked no rate is shown."""

REOPENED, MISSED, KEPT = "reopened", "missed", "kept"
OUTCOMES = {
    REOPENED: gettext_lazy("Opened again"),
    MISSED: gettext_lazy("A promise was missed"),
    KEPT: pgettext_lazy("of a case", "Everything kept"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one category, importance or outcome: how many were asked, answered, and were satisfied."""

    name: str
    answered: Share
    satisfied: Share
    overall: float

    @property
    def is_shown(self) -> bool:
        """Whether enough were asked to speak of a rate."""
        return self.answered.of >= TOO_FEW

    @property
    def leans(self) -> str:
        """ "more" or "less" when they answer clearly more or less often than all together, by the 95 % interval."""
        low, high = self.answered.interval
        if not self.is_shown or low <= self.overall <= high:
            return ""
        return "more" if low > self.overall else "less"


@dataclass(frozen=True, slots=True)
class Answering:
    """The whole of it: overall, by group, and how satisfied all would be if the silent thought like their group."""

    answered: Share
    satisfied: Share
    groups: list[tuple[Any, list[Group]]]
    weighed: float | None


def answering(*, by: Actor, since: datetime, until: datetime) -> Answering:
    """How those who were asked in a period answered, by category, importance of the customer and outcome."""
    rows = Survey.objects.visible_to(by).filter(
        kind=Survey.Kind.CSAT, asked_at__gte=since, asked_at__lt=until
    )
    by_outcome = _grouped(rows.annotate(group=_outcome()))
    asked = sum(count for count, _answered, _satisfied in by_outcome.values())
    spoke = sum(count for _asked, count, _satisfied in by_outcome.values())
    content = sum(count for _asked, _answered, count in by_outcome.values())
    overall = spoke / asked if asked else 0.0

    def named(counts: dict[Any, tuple[int, int, int]], names: dict[Any, Any], nameless: str) -> list[Group]:
        found = [
            Group(str(names.get(key, nameless)), Share(spoke, asked), Share(content, spoke), overall)
            for key, (asked, spoke, content) in counts.items()
        ]
        return sorted(found, key=lambda group: -group.answered.of)

    categories = {category.pk: category.name for category in Category.objects.all()}
    return Answering(
        answered=Share(spoke, asked),
        satisfied=Share(content, spoke),
        groups=[
            (gettext_lazy("By outcome"), named(by_outcome, OUTCOMES, "–")),
            (
                gettext_lazy("By category"),
                named(_grouped(rows.annotate(group=F("case__category_id"))), categories, _("no category")),
            ),
            (
                gettext_lazy("By the customer's importance"),
                named(
                    _grouped(rows.annotate(group=F("case__account__importance"))),
                    dict(Account.Importance.choices),
                    _("customer not known"),
                ),
            ),
        ],
        weighed=_weighed(by_outcome, asked),
    )


def _outcome() -> Choice:
    missed = Promise.objects.filter(
        subject_type="case", subject_id=OuterRef("case_id"), kind=PromiseKind.CUSTOMER, state="missed"
    )
    return Choice(
        When(case__reopenings__gt=0, then=Value(REOPENED)),
        When(Exists(missed), then=Value(MISSED)),
        default=Value(KEPT),
        output_field=CharField(),
    )


def _grouped(rows: Rows) -> dict[Any, tuple[int, int, int]]:
    counted = rows.order_by().values_list("group").annotate(
        asked=Count("pk"), answered=Count("score"), satisfied=Count("pk", filter=Q(score__gte=4))
    )  # fmt: skip
    return {key: (asked, answered, satisfied) for key, asked, answered, satisfied in counted}


def _weighed(by_outcome: dict[Any, tuple[int, int, int]], asked: int) -> float | None:
    """Satisfaction with each outcome counting as often as it was asked about; None while one of them has too few
    answers to stand for its silent ones."""
    if not asked or any(answered < TOO_FEW for _asked, answered, _satisfied in by_outcome.values()):
        return None
    return sum(count / asked * (satisfied / answered) for count, answered, satisfied in by_outcome.values())
