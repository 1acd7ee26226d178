"""The search index of cases can be made anew at any time, in bounded steps."""

from __future__ import annotations

import pytest
from tests import cast

from tightrope.cases import actions, tasks
from tightrope.cases.tests import factories
from tightrope.config.operations.actions import renew_search_index
from tightrope.core import jobs
from tightrope.search.models import Document

pytestmark = pytest.mark.django_db
FIELDS = ("kind", "object_id", "account_id", "contact_id", "title", "text", "tsv", "audience")


def indexed() -> list[tuple]:
    return list(Document.objects.filter(kind="case").order_by("object_id").values_list(*FIELDS))


def test_an_index_that_was_lost_is_made_anew_as_it_was(monkeypatch):
    monkeypatch.setattr(tasks, "INDEXED_AT_ONCE", 2)
    cases = [factories.case(title=f"漏水 E{number}", text=f"第 {number} 台") for number in range(5)]
    actions.retitle_case(
        cases[0], title="不再漏水", version=cases[0].version, by=cast.actor(cast.zhou_min()), at=cast.NOW
    )
    before = indexed()
    assert len(before) == 5
    Document.objects.all().delete()

    renew_search_index(by=cast.actor(cast.administrator()), at=cast.NOW)
    jobs.run_due(only=["cases.index_again"])

    assert indexed() == before


def test_no_word_of_ours_is_found_with_a_case_of_which_the_customer_wrote_nothing():
    case = factories.case(text="")
    actions.send_reply(case, text="秘密折扣", by=cast.actor(cast.zhou_min()), at=cast.NOW)

    jobs.enqueue("cases.index_again")
    jobs.run_due(only=["cases.index_again"])

    assert "秘密折扣" not in Document.objects.get(kind="case", object_id=case.pk).text
