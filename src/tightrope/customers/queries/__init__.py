"""Reads over accounts, contacts and what belongs to them."""

from tightrope.customers.queries.accounts import (
    Completeness,
    Funnel,
    accounts_for,
    completeness_of,
    contacts_of,
    known_tags,
    sites_of,
    stage_funnel,
    unjoined_contacts,
)
from tightrope.customers.queries.families import conflicting_ids, family_of, root_of, standing_merges_of
from tightrope.customers.queries.line import LinePage, line_of
from tightrope.customers.queries.matching import Pair, Suggestion, likely_duplicates, suggest_accounts
from tightrope.customers.queries.people import actor_of_contact, contact_by_address, contact_of_user

__all__ = [
    "Completeness",
    "Funnel",
    "LinePage",
    "Pair",
    "Suggestion",
    "accounts_for",
    "actor_of_contact",
    "completeness_of",
    "conflicting_ids",
    "contact_by_address",
    "contact_of_user",
    "contacts_of",
    "family_of",
    "known_tags",
    "likely_duplicates",
    "line_of",
    "root_of",
    "sites_of",
    "stage_funnel",
    "standing_merges_of",
    "suggest_accounts",
    "unjoined_contacts",
]
