"""Cases as tests need them."""

from __future__ import annotations

from typing import Any

from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case, Category
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Account, Contact
from tightrope.promises.models import Policy, PromiseKind, Target, What


def policies() -> None:
    """What the customer is promised in tests: an answer within two working hours, a solution within sixteen."""
    policy = Policy.objects.create(name="usual")
    for what, hours in ((What.FIRST_RESPONSE, 2), (What.NEXT_RESPONSE, 4), (What.RESOLUTION, 16)):
        Target.objects.create(
            policy=policy, what=what, kind=PromiseKind.CUSTOMER, working_seconds=hours * 3600
        )
    Target.objects.create(policy=policy, what=What.HAND_OVER, kind=PromiseKind.INTERNAL, working_seconds=7200)


def hengtong() -> Account:
    """恒通数据, a data centre in 苏州."""
    found = Account.objects.filter(name="恒通数据").first()
    return found or customers.open_account(
        name="恒通数据", kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW
    )


def wang_lei() -> Contact:
    """王磊 of 恒通数据."""
    found = Contact.objects.filter(name="王磊").first()
    return found or customers.add_contact(
        hengtong(),
        name="王磊",
        language="zh-hans",
        addresses=[("mail", "wang.lei@hengtong.example"), ("phone", "+86 138 0000 1234")],
        by=SYSTEM,
        at=cast.NOW,
    )


def category(code: str = "leak", **facts: Any) -> Category:
    """A category by its code."""
    return Category.objects.get_or_create(
        code=code, defaults={"names": {"en": code, "zh-hans": code}, **facts}
    )[0]


def case(**facts: Any) -> Case:
    """A case of 王磊, received at the cast's hour."""
    contact = facts.pop("contact", None) or wang_lei()
    at = facts.pop("at", cast.NOW)
    return actions.open_case(
        **{
            "title": "三楼机房空调漏水，报 E3",
            "text": "2 号精密空调从中午开始滴水，面板显示 E3。",
            "channel": Case.Channel.PORTAL,
            "account": contact.account,
            "contact": contact,
            "by": SYSTEM,
            "at": at,
            **facts,
        }
    )
