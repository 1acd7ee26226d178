"""One problem behind several cases: a parent and its children. The parent ends after them, or says why not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events, queries
from tightrope.cases.access import Can, require
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case
from tightrope.core.actor import Actor


class NotAFamily(ValueError):
    """A child has one parent, and neither of them is both."""


class OpenChildren(Exception):
    """A parent does not end while its children are open, unless somebody says why."""


@transaction.atomic
def put_under(case: Case, parent: Case, *, by: Actor, at: datetime) -> Case:
    """Let a case be a child of another: the same problem, told again or told by others. Each customer is still
    answered on his own case and learns nothing of the other's. Raises NotAFamily, Denied.
    """
    if case.pk == parent.pk:
        raise NotAFamily(_("A case cannot be its own parent."))
    locked = {pk: Case.objects.lock(pk) for pk in sorted((case.pk, parent.pk))}
    case, parent = locked[case.pk], locked[parent.pk]
    require(by, Can.MERGE, case)
    require(by, Can.MERGE, parent)
    if case.parent_id == parent.pk:
        return case
    if parent.parent_id is not None:
        raise NotAFamily(
            _("%(number)s is a child itself; choose its parent instead.") % {"number": parent.number}
        )
    if case.children.exists():
        raise NotAFamily(_("%(number)s has children of its own.") % {"number": case.number})
    if parent.is_finished:
        raise NotAFamily(
            _("%(number)s is finished; choose a case that is still open.") % {"number": parent.number}
        )
    before = case.parent
    case.parent = parent
    case.version += 1
    case.save(update_fields=["parent", "version"])
    record(
        case, events.CasePutUnder(parent=parent.number, before=before.number if before else ""), by=by, at=at
    )
    record(parent, events.CaseGotChild(child=case.number), by=by, at=at)
    return case


@transaction.atomic
def take_out(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let a child stand on its own again. Saying it twice is not an error. Raises Denied."""
    number = case.pk if case.parent_id is None else min(case.pk, case.parent_id)
    Case.objects.lock(number)
    case = Case.objects.lock(case.pk)
    require(by, Can.MERGE, case)
    if case.parent is None:
        return case
    parent = case.parent
    case.parent = None
    case.version += 1
    case.save(update_fields=["parent", "version"])
    record(case, events.CaseTakenOut(parent=parent.number), by=by, at=at)
    record(parent, events.CaseLostChild(child=case.number), by=by, at=at)
    return case


def end_over_children(case: Case, *, despite: str, by: Actor, at: datetime) -> None:
    """Before a case is solved: its children have ended, or the reason why it ends before them is kept.

    Part of another act. Raises OpenChildren.
    """
    numbers = queries.open_children_of(case)
    case.ended_over_children = ""
    if not numbers:
        return
    if not despite.strip():
        raise OpenChildren(
            _("Still open below this case: %(numbers)s. End them first, or say why it is solved before them.")
            % {"numbers": ", ".join(numbers)}
        )
    case.ended_over_children = despite.strip()[:300]
    event = events.EndedOverChildren(reason=case.ended_over_children, children=numbers)
    record(case, event, by=by, at=at)


def must_wait_for_children(case: Case) -> bool:
    """Whether a parent may not be closed yet: a child is open and nobody said why that does not matter."""
    return not case.ended_over_children and bool(queries.open_children_of(case))


def move_children(gone: Case, keep: Case) -> None:
    """The children of a case that lives on in another are that one's from now on. Part of another act."""
    if keep.parent_id == gone.pk:
        keep.parent = None
        keep.save(update_fields=["parent"])
    gone.children.exclude(pk=keep.pk).update(parent=keep.parent_id or keep.pk)
    if gone.parent_id is not None:
        gone.parent = None
