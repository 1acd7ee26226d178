"""The dictionary of measures: what each figure says, how it is reckoned, what it leaves out, and where its rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_OPENED_BY = {"cases": "case.view", "promises": "promise.view", "surveys": "survey.view"}


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
            "/cases/?view=solved",
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
            "/cases/?view=solved",
            "solved",
        ),
        Measure(
            "csat",
            _("Satisfaction"),
            "share",
            _("Answers of 4 and 5 out of 5 ÷ all answers in the period."),
            True,
            "/surveys/",
            "csat_count",
        ),
    )
}  # fmt: skip
