"""Two accounts that are one customer, and taking them apart again.

Merging moves nothing: the one that goes points to the one that stays, and whoever asks for a customer's
things asks for those of the family (`queries.family_of`). Taking apart removes the pointer, so it is exact.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.customers import events
from tightrope.customers.access import Can, require_for
from tightrope.customers.models import Account, Merge, Separate
from tightrope.customers.queries.families import conflicting_ids


class SameAccount(ValueError):
    """An account cannot be merged with itself."""


class AlreadyMerged(ValueError):
    """One of the two is already part of another account: use that one."""


class ConflictingIds(ValueError):
    """Another system knows the two under different numbers: it holds them for two customers."""


class NotTheLastMerge(ValueError):
    """This merge was taken back already."""


def merge_accounts(keep: Account, gone: Account, *, reason: str, by: Actor, at: datetime) -> Merge:
    """Let `gone` be part of `keep`. Raises SameAccount, AlreadyMerged, ConflictingIds."""
    return _merge(keep, gone, reason=reason, by=by, at=at, minding_ids=True)


def merge_accounts_with_conflicting_ids(
    keep: Account, gone: Account, *, reason: str, by: Actor, at: datetime
) -> Merge:
    """The same when a person knows that the other system has the customer twice. Raises SameAccount, AlreadyMerged."""
    return _merge(keep, gone, reason=reason, by=by, at=at, minding_ids=False)


@transaction.atomic
def _merge(keep: Account, gone: Account, *, reason: str, by: Actor, at: datetime, minding_ids: bool) -> Merge:
    if keep.pk == gone.pk:
        raise SameAccount(_("These are one account already."))
    # Locked in the order of their keys, so that two people merging the same pair queue up.
    locked = {pk: Account.objects.lock(pk) for pk in sorted((keep.pk, gone.pk))}
    keep, gone = locked[keep.pk], locked[gone.pk]
    require_for(by, Can.MERGE, keep)
    require_for(by, Can.MERGE, gone)
    if keep.is_merged or gone.is_merged:
        raise AlreadyMerged(_("One of the two is part of another customer already."))
    if minding_ids and conflicting_ids(keep.pk, gone.pk):
        raise ConflictingIds(_("Another system knows these two under different numbers."))
    gone.merged_into = keep
    gone.save(update_fields=["merged_into"])
    merge = Merge.objects.create(keep=keep, gone=gone, reason=reason, at=at)
    told = events.AccountsMerged(
        keep_name=keep.name,
        keep_number=keep.number,
        gone_name=gone.name,
        gone_number=gone.number,
        reason=reason,
    )
    timeline.record(keep, told, by=by, at=at)
    timeline.record(gone, told, by=by, at=at)
    return merge


@transaction.atomic
def unmerge_accounts(merge: Merge, *, by: Actor, at: datetime) -> Merge:
    """Take a merge back: both stand as they stood. Raises NotTheLastMerge when that was done before."""
    locked = {pk: Account.objects.lock(pk) for pk in sorted((merge.keep_id, merge.gone_id))}
    keep, gone = locked[merge.keep_id], locked[merge.gone_id]
    require_for(by, Can.MERGE, keep)
    require_for(by, Can.MERGE, gone)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise NotTheLastMerge(_("These two were taken apart already."))
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    told = events.AccountsUnmerged(
        keep_name=keep.name, keep_number=keep.number, gone_name=gone.name, gone_number=gone.number
    )
    timeline.record(keep, told, by=by, at=at)
    timeline.record(gone, told, by=by, at=at)
    return merge


@transaction.atomic
def keep_apart(one: Account, other: Account, *, by: Actor, at: datetime) -> Separate:
    """Note that two accounts are alike and are two customers, so that nobody is asked again."""
    require_for(by, Can.MERGE, one)
    require_for(by, Can.MERGE, other)
    first, second = sorted((one.pk, other.pk))
    separate, is_new = Separate.objects.get_or_create(first_id=first, second_id=second, defaults={"at": at})
    if is_new:
        for account, twin in ((one, other), (other, one)):
            apart = events.AccountsKeptApart(other_name=twin.name, other_number=twin.number)
            timeline.record(account, apart, by=by, at=at)
    return separate
