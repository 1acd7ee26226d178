"""Which accounts may be the same customer, with the reasons. Nothing is merged by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor
from tightrope.customers.addresses import BadAddress, domain_of, normalise, shown
from tightrope.customers.models import Account, Address, ExternalId
from tightrope.customers.names import match_key

SAME_ID, SAME_MAIL, SAME_PHONE, SAME_NAME, SAME_DOMAIN = 0.98, 0.9, 0.75, 0.7, 0.4
ALIKE = 0.45
"""Names less similar than this (by trigrams, from 0 to 1) are not worth a look."""
CONFLICT = 0.2
"""Two numbers in one other system speak strongly for two customers: the score is cut to this share."""


@dataclass(slots=True)
class Suggestion:
    """An account that may be the one that is meant: a score from 0 to 1 and why."""

    account: Account
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    conflicts: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def percent(self) -> int:
        return round(self.score * 100)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two standing accounts that look like one customer."""

    first: Account
    second: Account
    score: float
    reasons: list[str]
    conflicts: list[tuple[str, str, str]]

    @property
    def percent(self) -> int:
        return round(self.score * 100)


def suggest_accounts(
    *, name: str = "", addresses: Iterable[tuple[str, str]] = (), external_ids: Iterable[tuple[str, str]] = (),
    by: Actor, exclude: Collection[int] = (), limit: int = 5,
) -> list[Suggestion]:  # fmt: skip
    """Standing accounts that `by` may see and that fit a name, addresses or numbers; the likeliest first.

    Independent reasons add up as chances do: two of 0.7 and 0.4 give 1 - 0.3 * 0.6 = 0.82.
    """
    chances: dict[int, list[tuple[float, str]]] = {}

    def speaks_for(account_id: int | None, chance: float, reason: str) -> None:
        if account_id is not None:
            chances.setdefault(account_id, []).append((chance, reason))

    ids = list(external_ids)
    for system, value in ids:
        for pk in ExternalId.objects.filter(system=system, value=value).values_list("account", flat=True):
            speaks_for(pk, SAME_ID, _("the same number in %(system)s") % {"system": system})
    for kind, value in _spelled(addresses):
        chance = SAME_MAIL if kind == "mail" else SAME_PHONE
        for pk in _accounts_with(kind, value):
            speaks_for(pk, chance, _("the same address %(value)s") % {"value": shown(kind, value)})
        if kind == "mail" and (domain := domain_of(value)):
            for pk in _accounts_of_domain(domain):
                speaks_for(pk, SAME_DOMAIN, _("the same mail domain %(domain)s") % {"domain": domain})
    for pk, likeness in _accounts_named_like(name):
        if likeness == 1:
            speaks_for(pk, SAME_NAME, _("the same name"))
        else:
            speaks_for(pk, SAME_NAME * likeness, _("a similar name"))
    return _weighed(chances, ids, by=by, exclude=exclude, limit=limit)


def _spelled(addresses: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    spelled = []
    for kind, value in addresses:
        try:
            spelled.append((kind, normalise(kind, value)))
        except BadAddress:
            continue  # what cannot be an address speaks for nobody
    return spelled


def _accounts_with(kind: str, value: str) -> list[int]:
    rows = Address.objects.filter(kind=kind, value=value, contact__account__isnull=False)
    return list(rows.values_list("contact__account", flat=True).distinct()[:20])


def _accounts_of_domain(domain: str) -> list[int]:
    rows = Address.objects.filter(kind="mail", value__endswith=f"@{domain}", contact__account__isnull=False)
    return list(rows.values_list("contact__account", flat=True).distinct()[:20])


def _accounts_named_like(name: str) -> list[tuple[int, float]]:
    key = match_key(name)
    if not key:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, CASE WHEN match_key = %s THEN 1 ELSE similarity(match_key, %s) END AS likeness "
            "FROM customers_account WHERE (match_key = %s OR match_key %% %s) ORDER BY likeness DESC, id LIMIT 20",
            [key, key, key, key],
        )
        return [(pk, float(likeness)) for pk, likeness in cursor.fetchall() if likeness >= ALIKE]


def _weighed(
    chances: dict[int, list[tuple[float, str]]], ids: list[tuple[str, str]], *, by: Actor,
    exclude: Collection[int], limit: int,
) -> list[Suggestion]:  # fmt: skip
    standing = (
        Account.objects.visible_to(by)
        .filter(pk__in=set(chances) - set(exclude), merged_into__isnull=True)
        .select_related("region", "owner")
        .prefetch_related("external_ids")
    )
    suggestions = []
    for account in standing:
        suggestion = Suggestion(account=account)
        against = 1.0
        for chance, reason in dict.fromkeys(chances[account.pk]):
            against *= 1 - chance
            suggestion.reasons.append(reason)
        suggestion.conflicts = _conflicts(account, ids)
        suggestion.score = (1 - against) * (CONFLICT if suggestion.conflicts else 1)
        suggestions.append(suggestion)
    suggestions.sort(key=lambda one: (-one.score, one.account.pk))
    return suggestions[:limit]


def _conflicts(account: Account, ids: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    known = {one.system: one.value for one in account.external_ids.all()}
    return [(system, value, known[system]) for system, value in ids if known.get(system, value) != value]


_PAIRS = """
WITH named AS (
  SELECT a.id AS first, b.id AS second, 'name' AS why, a.name AS what
  FROM customers_account a JOIN customers_account b ON b.match_key = a.match_key AND b.id > a.id
  WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL AND a.match_key <> ''
    AND NOT EXISTS (SELECT 1 FROM customers_separate s WHERE s.first_id = a.id AND s.second_id = b.id)
  ORDER BY b.id DESC LIMIT 200
), reached AS (
  SELECT ca.account_id AS first, cb.account_id AS second, 'phone' AS why, x.value AS what
  FROM customers_address x JOIN customers_address y ON y.kind = x.kind AND y.value = x.value
  JOIN customers_contact ca ON ca.id = x.contact_id JOIN customers_contact cb ON cb.id = y.contact_id
  JOIN customers_account a ON a.id = ca.account_id JOIN customers_account b ON b.id = cb.account_id
  WHERE x.kind = 'phone' AND ca.account_id < cb.account_id
    AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM customers_separate s WHERE s.first_id = a.id AND s.second_id = b.id)
  ORDER BY cb.account_id DESC LIMIT 200
)
SELECT first, second, array_agg(DISTINCT why), min(what) FILTER (WHERE why = 'phone')
FROM (SELECT * FROM named UNION ALL SELECT * FROM reached) both_ways
GROUP BY first, second ORDER BY count(DISTINCT why) DESC, second DESC
"""


def likely_duplicates(by: Actor, *, limit: int = 50) -> list[Pair]:
    """Pairs of standing accounts with the same name or number that nobody has judged yet, likeliest first."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS)
        found = cursor.fetchall()
    ids = {pk for first, second, _why, _what in found for pk in (first, second)}
    accounts = (
        Account.objects.visible_to(by)
        .filter(merged_into__isnull=True)
        .select_related("region", "owner")
        .prefetch_related("external_ids")
        .in_bulk(ids)
    )
    pairs = []
    for first_id, second_id, why, phone in found:
        first, second = accounts.get(first_id), accounts.get(second_id)
        if first is None or second is None:
            continue
        conflicts = _conflicts(first, [(one.system, one.value) for one in second.external_ids.all()])
        against, reasons = 1.0, []
        if "name" in why:
            against *= 1 - SAME_NAME
            reasons.append(_("the same name"))
        if "phone" in why:
            against *= 1 - SAME_PHONE
            reasons.append(_("the same address %(value)s") % {"value": shown("phone", phone)})
        score = (1 - against) * (CONFLICT if conflicts else 1)
        pairs.append(Pair(first=first, second=second, score=score, reasons=reasons, conflicts=conflicts))
    return sorted(pairs, key=lambda pair: -pair.score)[:limit]
