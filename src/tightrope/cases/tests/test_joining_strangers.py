"""A case of somebody nobody knew is joined to any customer, also to one that nothing of his suggests."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_o_clock")]


@pytest.fixture
def stranger() -> Case:
    """A case of 陌生 with a phone number that no customer has."""
    contact = customers.add_contact(
        None, name="陌生", language="zh-hans", addresses=[("phone", "13911112222")], by=SYSTEM, at=cast.NOW
    )
    return factories.case(account=None, contact=contact)


def answered(case: Case, **facts: Any) -> Any:
    """What the desk answers to the form."""
    client = Client()
    client.force_login(cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    return client.post(reverse("cases:customer", args=[case.public_id]), facts)


def test_a_customer_that_nothing_suggests_is_found_by_typing_and_then_chosen(stranger):
    hengtong = factories.hengtong()

    looked = answered(stranger, q="恒通")
    joined = answered(stranger, q="恒通", account=hengtong.pk)

    assert looked.status_code == 422
    assert f'value="{hengtong.pk}"' in looked.content.decode()
    assert joined.status_code == 303
    stranger.refresh_from_db()
    assert stranger.account == hengtong


def test_whom_nothing_fits_is_told_what_to_do(stranger):
    page = answered(stranger, q="查无此人").content.decode()

    assert "没有匹配的客户" in page
    assert "查无此人" in page


def test_an_empty_answer_joins_nothing(stranger):
    answer = answered(stranger)

    assert answer.status_code == 422
    assert "请指明这是哪位客户的个案" in answer.content.decode()
    stranger.refresh_from_db()
    assert stranger.account is None
