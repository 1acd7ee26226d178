"""Reads of the reception's log: one day as a list, and the same for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tightrope.cases.models import Reception
from tightrope.core.actor import Actor

MOST = 1_000
"""More visitors a day than any reception has; the list of a day is shown whole."""


def received_on(day: date, *, by: Actor, zone: ZoneInfo) -> list[Reception]:
    """Who was received on a day of this zone, as far as the doer may see it, in the order in which they came."""
    begins = datetime.combine(day, time.min, tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    rows = Reception.objects.visible_to(by).filter(came_at__gte=begins, came_at__lt=ends)
    return list(rows.select_related("account", "host", "case", "logged_by").order_by("came_at", "pk")[:MOST])


def as_csv(rows: Iterable[Reception], *, zone: ZoneInfo) -> str:
    """The list for a spreadsheet. What could be taken for a formula stands behind an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written)
    heads = (_("Came"), _("Way"), _("Visitor"), _("Company"), _("Purpose"), _("Host"), _("Outcome"), _("Case"), _("Note"))  # fmt: skip
    table.writerow(heads)
    for row in rows:
        cells = (
            row.came_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), row.get_way_display(), row.visitor,
            row.account.name if row.account else row.company, row.purpose, row.host.name if row.host else "",
            row.get_outcome_display(), row.case.number if row.case else "", row.note,
        )  # fmt: skip
        table.writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet computes what begins like this, whoever wrote it."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
