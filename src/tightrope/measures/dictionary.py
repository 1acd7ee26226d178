"""The dictionary of measures: what each figure says, how it is reckoned, what it leaves out, and where its rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.measures.models import Passage

_OPENED_BY = {
    "cases": "case.view",
    "promises": "promise.view",
    "surveys": "survey.view",
    "figures": "measure.view",
}


@dataclass(frozen=True)
class Measure:
    """One figure: its name, unit and exact formula, whether more is better, and the address of its rows."""

    code: str
    name: Any
    unit: str
    formula: Any
    more_is_better: bool
    rows: str
    sample: str = ""
    """The figure that says of how many rows it is; empty where one row is enough."""

    @property
    def permission(self) -> str:
        """What opens those rows."""
        return _OPENED_BY[self.rows.split("/")[1]]


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure(
            "backlog",
            _("Backlog"),
            "count",
            _("Cases that are received, accepted, waiting or reopened now."),
            False,
            "/cases/?view=open",
        ),
        Measure(
            "backlog_age",
            _("Age of the backlog"),
            "hours",
            _("Median time since the customer told us, over all unfinished cases."),
            False,
            "/cases/?view=open",
        ),
        Measure(
            "first_response",
            _("First response"),
            "hours",
            _("Median time from the customer's word to the first public word by a person; acknowledgements by the "
              "system do not count."),
            False,
            "/cases/?view=all",
            "first_response_count",
        ),
        Measure(
            "resolution",
            _("Resolution"),
            "hours",
            _("Median time from the customer's word until the case was solved for the last time."),
            False,
            "/figures/passages/?days=30&kind=solved",
            "solved",
        ),
        Measure(
            "promise_kept",
            _("Promises kept"),
            "share",
            _("Promises to customers kept in time ÷ (kept in time + missed), of those due in the period."),
            True,
            "/promises/ledger/?kind=customer",
            "promise_count",
        ),
        Measure(
            "margin",
            _("Margin"),
            "hours",
            _("Median working time between keeping a promise to a customer and its due time; positive when early."),
            True,
            "/promises/ledger/?kind=customer",
            "promise_count",
        ),
        Measure(
            "reopened",
            _("Reopened"),
            "share",
            _("Cases reopened at least once ÷ cases solved in the period."),
            False,
            "/figures/passages/?days=30&kind=reopened",
            "solved",
        ),
        Measure(
            "csat",
            _("Satisfaction"),
            "share",
            _("Answers of 4 and 5 out of 5 ÷ all answers in the period."),
            True,
            "/surveys/?kind=csat&days=30",
            "csat_count",
        ),
    )
}  # fmt: skip


PASSAGES: dict[Passage.Kind, Any] = {
    Passage.Kind.CAME_IN: _("A customer told us of a case, whoever entered it; how much working time later it was entered."),
    Passage.Kind.PUT_OFF: _("A promise was replaced by one with a later time; how much working time later."),
    Passage.Kind.CAME_BACK: _("A case was handed to a department that had had it before. It stands with the department and person who gave it back."),
    Passage.Kind.EMPTY_WAIT: _("A case was set to wait for the customer although the last public word was his, and nobody asked him anything within 15 minutes; until somebody asked or the wait ended."),
    Passage.Kind.SILENCE: _("Eight working hours or more of an unfinished case without a public word or a successful call of a person. Time in which the customer had been asked does not run. It stands with whoever answered for the case at its end."),
    Passage.Kind.REOPENED: _("A solved or closed case was opened again. It stands with whoever had solved it."),
    Passage.Kind.SOLVED: _("A case was solved; each time counts."),
    Passage.Kind.HANDED_OVER: _("A case was handed to another department, or filed under a category whose team then answered for it. It stands with the department that got it and the person who gave it."),
    Passage.Kind.WAITED: _("A case waited for the customer, from setting it until he wrote, somebody went on, or it ended."),
    Passage.Kind.CLARIFIED: _("Before the first solution the customer answered a public word of a person."),
    Passage.Kind.STAY: _("A team answered for a case without interruption, in working hours while it was unfinished; beside it the part spent waiting for the customer and the part until somebody there took it."),
    Passage.Kind.CARRIED: _("A person answered for a case without interruption, in working hours while it was unfinished, without the time in which the customer had been asked."),
}  # fmt: skip
"""What the reports count, and how each is told from what is on record."""
