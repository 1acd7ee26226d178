"""The demo company as it stands on its first morning: people, customers of the cast, rules."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache

from tightrope.calendars import actions as calendars
from tightrope.calendars.models import Duty
from tightrope.config import first_start
from tightrope.config.demo.customers import PLACES, Customer
from tightrope.config.demo.people import CAST, REGIONS, TEAMS, everybody
from tightrope.core.actor import SYSTEM, Actor
from tightrope.core.idempotency import once
from tightrope.customers import actions as customers
from tightrope.customers.models import Account, Contact
from tightrope.people import actions as people
from tightrope.people import queries
from tightrope.people.models import Region, Role, Team, User

SEED = 20261118
ON_DUTY = ("zhou.min", "chen.gang", "qian.hui")


def install(*, at: datetime) -> None:
    """Regions, teams, roles, forty people, calendars, promises, categories. Doing it twice changes nothing."""
    regions = {name: Region.objects.get_or_create(name=name)[0] for name in REGIONS}
    for plan in TEAMS:
        Team.objects.get_or_create(
            code=plan.code,
            defaults={
                "name": plan.name,
                "region": regions.get(plan.region or ""),
                "tier": plan.tier,
                "is_department": plan.is_department,
            },
        )
    first_start.install_rules(preset="manufacturer", at=at)
    teams = {team.code: team for team in Team.objects.all()}
    roles = {role.code: role for role in Role.objects.all()}
    known = set(User.objects.values_list("email", flat=True))
    for person in everybody():
        if person.email not in known:
            people.invite_user(
                email=person.email,
                name=person.name,
                roles=[roles[person.role]],
                teams=[teams[code] for code in person.teams],
                language=person.language,
                title=person.title,
                by=SYSTEM,
                at=at,
            )
    if not Duty.objects.exists():
        _plan_duties(teams, at=at)


def _plan_duties(teams: dict[str, Team], *, at: datetime) -> None:
    """Who is alarmed first. The desk only for a week, so that two years of cases do not fill one person's inbox."""
    user = {login: User.objects.get(email=f"{login}@hengyuan.example") for login in ON_DUTY}
    calendars.plan_duty(
        teams["desk"], user=user["zhou.min"], stand_in=user["chen.gang"],
        starts_at=at, ends_at=at + timedelta(days=7), by=SYSTEM, at=at,
    )  # fmt: skip
    calendars.plan_weekly_duty(
        teams["complaints"], user=user["qian.hui"], stand_in=None, weekdays=range(5),
        from_time=time(8), until_time=time(20), by=SYSTEM, at=at,
    )  # fmt: skip


def contact_of(customer: Customer, *, at: datetime) -> Contact:
    """The customer's contact, opened with account and site on first need. Bears being asked by two at once."""
    answer, _is_new = once(
        "demo.customer", customer.name, lambda: {"contact": _opened(customer, at).pk}, at=at
    )
    return Contact.objects.select_related("account").get(pk=answer["contact"])


def _opened(customer: Customer, at: datetime) -> Contact:
    account: Account = customers.open_account(
        name=customer.name,
        kind=customer.kind,
        language=customer.language,
        time_zone=customer.time_zone,
        region=Region.objects.get(name=customer.region),
        importance=customer.importance,
        tags=customer.tags,
        by=SYSTEM,
        at=at,
    )
    contact = account.contacts.first() or customers.add_contact(
        account, name=customer.contact, language=customer.language, sees_colleagues=True, by=SYSTEM, at=at
    )
    for kind, value in (("mail", customer.mail), ("phone", customer.phone)):
        customers.add_address(contact, kind=kind, value=value, by=SYSTEM, at=at)
    latitude, longitude = PLACES.get(customer.city, (None, None))
    customers.add_site(
        account,
        name=customer.city,
        address=customer.city,
        latitude=latitude,
        longitude=longitude,
        by=SYSTEM,
        at=at,
    )
    return contact


@cache
def actor_of(login: str) -> Actor:
    """A member of the cast or a colleague as a doer."""
    return queries.actor_of(User.objects.get(email=f"{login}@hengyuan.example"))


def logins_of(role: str) -> list[str]:
    """Who wears this hat, in a fixed order."""
    return [person.login for person in everybody() if person.role == role]


def is_installed() -> bool:
    """Whether the people of the demo company are here."""
    return User.objects.filter(email=CAST[0].email).exists()
