"""Cases that were solved, and what customers said about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact
from tightrope.customers.queries import actor_of_contact
from tightrope.surveys import actions
from tightrope.surveys.models import Survey


def solved(at: datetime = cast.NOW, **facts: Any) -> Case:
    """A case that 周敏 solved."""
    zhou = cast.actor(cast.zhou_min())
    case = factories.case(at=at, team=cast.team("desk"), **facts)
    cases.accept_case(case, by=zhou, at=at)
    return cases.solve_case(case, solution="answer", by=zhou, at=at)


def rated(score: int = 5, comment: str = "", at: datetime = cast.NOW, **facts: Any) -> Survey:
    """A solved case, rated by its contact."""
    case = solved(at=at, **facts)
    assert case.contact is not None
    return actions.rate_case(case, score=score, comment=comment, by=actor_of_contact(case.contact), at=at)


def colleague(name: str, mail: str) -> Contact:
    """Another person of 恒通数据."""
    return customers.add_contact(
        factories.hengtong(),
        name=name,
        language="zh-hans",
        addresses=[("mail", mail)],
        by=SYSTEM,
        at=cast.NOW,
    )
