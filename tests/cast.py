"""The standing cast of 恒源 (Hengyuan) Air & Lift: the same people in tests, demo company and documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tightrope.config.roles import MANUFACTURER
from tightrope.core.actor import SYSTEM, Actor
from tightrope.people import actions, queries
from tightrope.people.access import known_permissions
from tightrope.people.models import Region, Role, Team, User

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Shanghai: working time everywhere that matters."""

PASSWORD = "correct-horse-battery"


def roles() -> dict[str, Role]:
    """The manufacturer's roles by code, made on first need."""
    if not Role.objects.filter(code="service").exists():
        known = known_permissions()
        actions.apply_presets(
            [replace(p, grants={k: v for k, v in p.grants.items() if k in known}) for p in MANUFACTURER],
            by=SYSTEM,
            at=NOW,
        )
    return {role.code: role for role in Role.objects.all()}


def team(code: str = "desk", *, region: str | None = None, **facts: object) -> Team:
    """A team by its code."""
    place = Region.objects.get_or_create(name=region)[0] if region else None
    return Team.objects.get_or_create(code=code, defaults={"name": code.title(), "region": place, **facts})[0]


def person(email: str, name: str, role: str, *teams: Team, language: str = "zh-hans") -> User:
    """A member of staff; asked for twice it is the same person."""
    user = User.objects.filter(email=email).first()
    return user or actions.invite_user(
        email=email,
        name=name,
        roles=[roles()[role]] if role else [],
        teams=teams,
        language=language,
        password=PASSWORD,
        by=SYSTEM,
        at=NOW,
    )


def zhou_min() -> User:
    """周敏, customer service."""
    return person("zhou.min@hengyuan.example", "周敏", "service", team("desk"))


def chen_gang() -> User:
    """陈刚, lead of customer service."""
    return person("chen.gang@hengyuan.example", "陈刚", "lead", team("desk"))


def lin_fang() -> User:
    """林芳, dispatcher."""
    return person("lin.fang@hengyuan.example", "林芳", "dispatcher", team("dispatch", region="华东"))


def wu_qiang() -> User:
    """吴强, field engineer in 苏州."""
    return person("wu.qiang@hengyuan.example", "吴强", "engineer", team("suzhou", region="华东"))


def xu_jing() -> User:
    """许静, tier 2 expert."""
    return person("xu.jing@hengyuan.example", "许静", "expert", team("experts", tier=2, is_department=True))


def he_yong() -> User:
    """何勇, sales."""
    return person("he.yong@hengyuan.example", "何勇", "sales", team("sales", is_department=True))


def shen_li() -> User:
    """沈丽, quality."""
    return person("shen.li@hengyuan.example", "沈丽", "quality", team("quality", is_department=True))


def gu_wei() -> User:
    """顾伟, after-sales manager."""
    return person("gu.wei@hengyuan.example", "顾伟", "manager")


def administrator() -> User:
    """管理员."""
    return person("admin@hengyuan.example", "管理员", "administrator")


def ola() -> User:
    """Ola, who owns nothing and may see nothing."""
    return person("ola@hengyuan.example", "Ola", "", language="en")


def actor(user: User) -> Actor:
    """The person as a doer."""
    return queries.actor_of(user)
