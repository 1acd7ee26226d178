"""Accounts that were merged belong to one family."""

from __future__ import annotations

from django.db import connection

from tightrope.customers.models import Account, ExternalId, Merge

_FAMILY = """
WITH RECURSIVE up AS (
  SELECT id, merged_into_id FROM customers_account WHERE id = %s
  UNION ALL SELECT a.id, a.merged_into_id FROM customers_account a JOIN up ON a.id = up.merged_into_id
), family AS (
  SELECT id, 0 AS depth FROM up WHERE merged_into_id IS NULL
  UNION ALL SELECT a.id, depth + 1 FROM customers_account a JOIN family ON a.merged_into_id = family.id
)
SELECT id FROM family ORDER BY depth, id
"""


def family_of(account_id: int) -> tuple[int, ...]:
    """Every account that is one customer with this one, the standing one first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [account_id])
        return tuple(row[0] for row in cursor.fetchall())


def root_of(account: Account) -> Account:
    """The account under which this one lives on: itself when it was never merged."""
    if account.merged_into_id is None:
        return account
    return Account.objects.get(pk=family_of(account.pk)[0])


def conflicting_ids(one_id: int, other_id: int) -> list[tuple[str, str, str]]:
    """Systems that know the two families under different numbers: (system, number of one, number of other)."""
    ours, theirs = (
        dict(ExternalId.objects.filter(account__in=family_of(pk)).values_list("system", "value"))
        for pk in (one_id, other_id)
    )
    return [
        (system, ours[system], theirs[system])
        for system in sorted(set(ours) & set(theirs))
        if ours[system] != theirs[system]
    ]


def standing_merges_of(account: Account) -> list[Merge]:
    """The merges into this account that were not taken back, newest first."""
    standing = Merge.objects.filter(keep=account, undone_at__isnull=True)
    return list(standing.select_related("gone", "keep").order_by("-at", "-pk"))
