"""Cases that belong together, to somebody else, or to nobody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events, indexing, queries
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.answering import take_word
from tightrope.cases.actions.calling import drop_call
from tightrope.cases.actions.complaints import make_complaint
from tightrope.cases.actions.families import OpenChildren, move_children
from tightrope.cases.actions.opening import open_case
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.recurring import link_recurrence
from tightrope.cases.actions.routing import NoReason
from tightrope.cases.models import Case, PrivateLink
from tightrope.channels import actions as channels
from tightrope.channels.models import Conversation
from tightrope.core.actor import Actor
from tightrope.customers.models import Account, Contact
from tightrope.promises import actions as promises
from tightrope.promises.models import What

REJECTIONS = (Case.Outcome.SPAM, Case.Outcome.MISTAKE, Case.Outcome.DUPLICATE, Case.Outcome.ELSEWHERE)
"""Why something that came in is no case."""


class MergeIntoItself(ValueError):
    """A case cannot end in itself or in one that has ended."""


class DifferentAccounts(ValueError):
    """Cases of two customers are never merged: one would read the other's words."""


@transaction.atomic
def merge_cases(keep: Case, gone: Case, *, by: Actor, at: datetime) -> Case:
    """Let one case live on in another of the same customer; the words of both stay readable, each on its own.
    A complaint lives on as a complaint, and a word that waits for our answer goes on waiting for it.

    Raises MergeIntoItself, DifferentAccounts, IllegalMove, Denied.
    """
    first, second = sorted((keep.pk, gone.pk))
    if first == second:
        raise MergeIntoItself(_("A case cannot be merged into itself."))
    locked = {pk: Case.objects.lock(pk) for pk in (first, second)}
    keep, gone = locked[keep.pk], locked[gone.pk]
    require(by, Can.MERGE, keep)
    require(by, Can.MERGE, gone)
    if gone.merged_into_id == keep.pk:
        return keep
    if keep.is_finished:
        raise MergeIntoItself(_("Merge into a case that is still open."))
    if keep.account_id is None or keep.account_id != gone.account_id:
        raise DifferentAccounts(_("Only cases of the same customer can be merged."))
    is_ours_to_answer = gone.heard_at is not None and gone.status != Case.Status.WAITING
    unanswered_since, gone.heard_at = gone.heard_at, None
    gone.move_to(Case.Status.MERGED)
    gone.merged_into = keep
    gone.outcome = Case.Outcome.MERGED
    drop_call(gone, reason=_("The case lives on in another one."), by=by, at=at)
    gone.waiting_since = None
    gone.next_due_at = None
    gone.look_again_at = None
    promises.withdraw_promises(gone, reason=f"merged into {keep.number}", by=by, at=at)
    move_children(gone, keep)
    gone.save()
    # What had been merged into the one that goes lives on in the same case as it does: nobody follows a chain.
    gone.merged.update(merged_into=keep)
    for case in (keep, gone):
        record(case, events.CasesMerged(number=gone.number, into=keep.number), by=by, at=at)
    if is_ours_to_answer and unanswered_since is not None:
        _carry_word(keep, gone, said_at=unanswered_since, by=by, at=at)
    clocks.refresh(keep)
    keep.version += 1
    keep.save()
    if gone.type == Case.Type.COMPLAINT and keep.type != Case.Type.COMPLAINT:
        reason = _("%(number)s, a complaint, lives on in it.") % {"number": gone.number}
        keep = make_complaint(keep, accused=gone.accused_team, reason=reason, by=by, at=at)
    return keep


def _carry_word(keep: Case, gone: Case, *, said_at: datetime, by: Actor, at: datetime) -> None:
    """What the customer said in the case that goes, and nobody answered, waits for our answer in the one that
    stays: waiting for him ends, and the answer is owed from when he spoke. The caller saves it."""
    waited_for_him = keep.status == Case.Status.WAITING
    heard_at = keep.heard_at
    take_word(keep, said_at=said_at, by=by, at=at)
    if waited_for_him:
        record(keep, events.CaseResumed(), by=by, at=at)
    if heard_at is None or heard_at <= said_at:
        return
    keep.heard_at = said_at
    promises.hasten_promises(
        keep,
        [What.FIRST_RESPONSE if keep.answered_at is None else What.NEXT_RESPONSE],
        account_id=keep.account_id,
        policy_facts=clocks.facts_of(keep),
        told_at=said_at,
        user_id=keep.owner_id,
        team_id=keep.team_id,
        reason=_("The customer had spoken before, in %(number)s.") % {"number": gone.number},
        by=by,
        at=at,
    )


@transaction.atomic
def join_case(case: Case, *, account: Account, contact: Contact | None, by: Actor, at: datetime) -> Case:
    """Say whose case this is, when it came from somebody we did not know. Raises DifferentAccounts, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.account_id == account.pk and (contact is None or case.contact_id == contact.pk):
        return case
    if case.account_id is not None and case.account_id != account.pk:
        raise DifferentAccounts(_("This case already belongs to another customer."))
    case.account = account
    case.contact = contact or case.contact
    case.version += 1
    case.save()
    channels.join_conversation(case.conversation, account_id=account.pk, at=at)
    promises.join_promises(case, account_id=account.pk)
    indexing.index_case(case)
    link_recurrence(case, by=by, at=at)
    record(
        case,
        events.CaseJoined(account=account.name, contact=case.contact.name if case.contact else ""),
        by=by,
        at=at,
    )
    return case


@transaction.atomic
def reject_case(
    case: Case, *, reason: str, by: Actor, at: datetime, outcome: str = Case.Outcome.SPAM
) -> Case:
    """This is no case: spam, a mistake, told twice, not for us. All but spam is answered by a letter. It can be
    taken back. Raises NoReason, OpenChildren, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.REJECT, case)
    if case.status == Case.Status.REJECTED:
        return case
    if not reason.strip():
        raise NoReason(_("Say why this is no case."))
    if outcome not in REJECTIONS:
        raise NoReason(_("Say why this is no case."))
    if queries.open_children_of(case):
        raise OpenChildren(_("Cases below it are still open; take them out first."))
    case.move_to(Case.Status.REJECTED)
    case.outcome = Case.Outcome(outcome)
    if case.outcome == Case.Outcome.SPAM:
        case.end_told = Case.EndTold.UNTOLD
    drop_call(case, reason=reason, by=by, at=at)
    promises.withdraw_promises(case, reason=reason, by=by, at=at)
    case.next_due_at = None
    case.heard_at = None
    case.save()
    record(case, events.CaseRejected(reason=reason, outcome=case.outcome), by=by, at=at)
    return case


@transaction.atomic
def restore_case(case: Case, *, by: Actor, at: datetime) -> Case:
    """Take a rejected case back; its clocks run again from the customer's first word. Raises IllegalMove, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.REJECT, case)
    case.move_to(Case.Status.RECEIVED)
    case.outcome = case.end_told = ""
    case.heard_at = case.heard_at or case.told_at  # refusing it was no answer
    clocks.start(case, What.FIRST_RESPONSE, What.RESOLUTION, told_at=case.told_at, by=by, at=at)
    clocks.refresh(case)
    case.save()
    record(case, events.CaseRestored(), by=by, at=at)
    return case


@transaction.atomic
def open_following_case(
    case: Case, *, text: str, conversation: Conversation | None, channel: str, by: Actor, at: datetime
) -> Case:
    """A new case that follows one closed too long ago to be reopened. The old one stays as it is."""
    following = open_case(
        title=case.title,
        text=text,
        channel=channel,
        account=case.account,
        contact=case.contact,
        category=case.category,
        conversation=conversation,
        by=by,
        at=at,
    )
    following.follows = case
    following.save(update_fields=["follows"])
    return following


def private_link_of(case: Case, contact: Contact | None) -> PrivateLink | None:
    """The living link of a case for one contact."""
    return (
        PrivateLink.objects.filter(case=case, contact=contact, revoked_at__isnull=True)
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def revoke_links(case: Case, *, by: Actor, at: datetime) -> PrivateLink:
    """End every private link of a case and make a new one for its contact. Raises Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    case.links.filter(revoked_at__isnull=True).update(revoked_at=at)
    record(case, events.LinksRevoked(), by=by, at=at)
    return PrivateLink.objects.create(case=case, contact=case.contact, made_at=at)
