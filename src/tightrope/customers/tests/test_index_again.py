"""The search index of customers can be made anew at any time, in batches."""

from __future__ import annotations

import pytest

from tightrope.core import jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions, tasks
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.search.models import Document

pytestmark = pytest.mark.django_db
FIELDS = ("kind", "object_id", "account_id", "contact_id", "title", "text", "tsv", "audience")


def indexed() -> list[tuple]:
    return list(Document.objects.order_by("kind", "object_id").values_list(*FIELDS))


def test_an_index_that_was_lost_is_made_anew_as_it_was(monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    accounts = [make.account(name) for name in ("恒通数据", "长江酒店", "Lift & Co", "叶兰", "苏州机房")]
    for account in accounts:
        make.contact(account, addresses=[("phone", f"1381234567{account.pk % 10}")])
    before = indexed()
    assert len(before) >= 10
    Document.objects.all().delete()

    jobs.enqueue("customers.index_again")
    jobs.run_due(only=["customers.index_again"])

    assert indexed() == before


def test_what_should_not_be_found_is_taken_out_and_what_is_wrong_is_mended():
    account = make.account("恒通数据")
    gone, stays = make.contact(account, "张三"), make.contact(account, "李四")
    actions.retire_contact(gone, by=SYSTEM, at=AT)
    right = indexed()
    Document.objects.filter(kind="contact", object_id=stays.pk).update(object_id=gone.pk, title="张三")

    jobs.enqueue("customers.index_again")
    jobs.run_due(only=["customers.index_again"])

    assert indexed() == right
