"""Job entry points of the figures."""

from __future__ import annotations

from tightrope.core import clock
from tightrope.core.db import without_limits
from tightrope.core.jobs import job
from tightrope.measures import actions


@job("measures.take", queue="slow", attempts=1)
def take() -> None:
    """Take the figures of the start pages."""
    with without_limits():
        actions.take_figures(at=clock.now())


@job("measures.count_months", queue="slow", attempts=1)
def count_months() -> None:
    """Count the months of the report."""
    with without_limits():
        actions.count_months()


@job("measures.take_courses", queue="slow", attempts=1)
def take_courses() -> None:
    """Make the passages of cases anew to which something happened."""
    with without_limits():
        actions.take_courses(at=clock.now())
