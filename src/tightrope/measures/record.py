"""The record for auditors: which part is wanted, in the words of the trade, and as what it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from tightrope.cases.models import Case
from tightrope.core.paging import BadCursor
from tightrope.customers.models import Account
from tightrope.people.models import User
from tightrope.timeline.export import Part, Stretch, stretch

_SALT = "record"
MARK_HOLDS_SECONDS = 24 * 3600


class NothingOfThatName(LookupError):
    """No case, customer or person is called so. The message names it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of the record as people name it: days, a case or a customer by number, a person by mail address."""

    since: date | None = None
    until: date | None = None
    case: str = ""
    customer: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """The part in words that need no language; empty for the whole."""
        days = f"{self.since or ''} – {self.until or ''}" if self.since or self.until else ""
        return " · ".join(one for one in (days, self.case, self.customer, self.person) if one)


def part_of(wanted: Wanted) -> Part:
    """What is meant. The last day is in it. Raises NothingOfThatName."""
    case = _named(Case, "number", wanted.case) if wanted.case else None
    account = _named(Account, "number", wanted.customer) if wanted.customer else None
    person = _named(User, "email", wanted.person.lower()) if wanted.person else None
    return Part(
        since=_midnight(wanted.since) if wanted.since else None,
        until=_midnight(date.fromordinal(wanted.until.toordinal() + 1)) if wanted.until else None,
        subject_type="case" if case else None,
        subject_id=case.pk if case else None,
        account_id=account.pk if account else None,
        person_id=person.pk if person else None,
    )


def _named(model: Any, field: str, name: str) -> Any:
    row = model.objects.filter(**{field: name}).first()
    if row is None:
        raise NothingOfThatName(_("There is no “%(name)s”.") % {"name": name})
    return row


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def mark_of(part: Part, *, taken_at: datetime, after: int = 0) -> str:
    """Where an export that was written down goes on. Signed: nobody reads on who did not begin with an export."""
    return signing.dumps({"part": part.told(), "taken_at": taken_at.isoformat(), "after": after}, salt=_SALT)


def page_at(mark: str) -> tuple[Stretch, str | None]:
    """The stretch behind this mark, and the next one's. Raises BadCursor for a mark that is not ours or old."""
    try:
        said = signing.loads(mark, salt=_SALT, max_age=MARK_HOLDS_SECONDS)
    except signing.BadSignature as error:
        raise BadCursor(mark) from error
    told = said["part"]
    instants = {name: datetime.fromisoformat(told[name]) for name in ("since", "until") if name in told}
    part, taken_at = Part(**told | instants), datetime.fromisoformat(said["taken_at"])
    found = stretch(part, taken_at=taken_at, after=said["after"])
    onward = mark_of(part, taken_at=taken_at, after=found.next) if found.next is not None else None
    return found, onward
