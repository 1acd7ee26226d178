"""The desk for other programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import Scope
from tightrope.customers.models import Contact
from tightrope.people import actions as people
from tightrope.timeline.queries import notes_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_o_clock")]

EVERYTHING = ("case.view", "case.open", "case.accept", "case.work", "case.assign", "customer.view")


class Program:
    """Another program with a key."""

    def __init__(self, *permissions: str, scope: Scope = Scope.ALL) -> None:
        grants = dict.fromkeys(permissions or EVERYTHING, scope)
        admin = cast.administrator()
        made = people.make_key(name="erp", grants=grants, by=cast.actor(admin), at=cast.NOW)
        secret = next(part for part in made if isinstance(part, str)) if isinstance(made, tuple) else made
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def post(self, path: str, body: Any, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else None
        return self.client.post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )


REPORT = {"title": "空调漏水", "text": "报 E3", "contact": {"name": "赵六", "mail": "zhao@x.example"}}


def test_a_case_is_opened_with_its_promise_and_somebody_new():
    answer = Program().post("cases", REPORT)

    assert answer.status_code == 201
    body = answer.json()
    assert body["status"] == "received"
    assert body["next_due_at"] is not None
    assert Contact.objects.get(name="赵六").account is None
    assert Case.objects.get(number=body["number"]).channel == "api"


def test_the_same_key_opens_one_case():
    program = Program()

    first, second = program.post("cases", REPORT, key="k1"), program.post("cases", REPORT, key="k1")

    assert first.json()["id"] == second.json()["id"]
    assert Case.objects.count() == 1


def test_the_same_key_at_another_address_is_another_write():
    program = Program(*EVERYTHING, "customer.edit")
    opened = program.post("customers", {"name": "恒通数据"}, key="order-4711")
    case = program.post("cases", REPORT, key="order-4711")
    path = f"cases/{case.json()['id']}"

    reply = program.post(f"{path}/replies", {"text": "请先关闭 2 号机。"}, key="order-4711")
    note = program.post(f"{path}/notes", {"text": "同批次已有 7 起"}, key="order-4711")

    assert {one.status_code for one in (opened, case, reply, note)} == {201}
    case = Case.objects.get()
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1
    assert len(notes_of("case", case.pk)) == 1


@pytest.mark.parametrize(
    "told_at",
    ["2026-11-18T10:00:00", "0026-11-18T10:00:00Z", "1899-12-30T00:00:00+08:00", "9999-12-31T00:00:00Z"],
)
def test_nobody_told_us_at_no_known_moment(told_at):
    answer = Program().post("cases", {**REPORT, "told_at": told_at})

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_known_address_is_the_known_contact():
    wang = factories.wang_lei()

    answer = Program().post("cases", {**REPORT, "contact": {"mail": "WANG.LEI@hengtong.example"}})

    assert answer.json()["contact"] == wang.public_id
    assert answer.json()["account"] == wang.account.public_id


def test_the_way_of_a_case_by_interface():
    program, zhou = Program(), cast.zhou_min()
    case = factories.case()
    path = f"cases/{case.public_id}"

    assert program.post(f"{path}/acceptance", {"owner": zhou.email}).json()["status"] == "accepted"
    assert program.post(f"{path}/replies", {"text": "请先关闭 2 号机。"}, key="r").status_code == 201
    assert program.post(f"{path}/replies", {"text": "请先关闭 2 号机。"}, key="r").status_code == 201
    assert program.post(f"{path}/waiting", {"waiting_for": "照片"}).json()["light"] == "waiting"
    assert program.post(f"{path}/solution", {"solution": "answer"}).json()["status"] == "solved"
    assert program.post(f"{path}/reopening", {"reason": "还在漏"}).json()["status"] == "reopened"
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1


def test_a_note_goes_in_and_never_comes_out():
    program = Program()
    case = factories.case()

    assert program.post(f"cases/{case.public_id}/notes", {"text": "同批次已有 7 起"}).status_code == 201

    for path in (f"cases/{case.public_id}", f"cases/{case.public_id}/messages", "cases"):
        assert "同批次" not in program.get(path).content.decode()


def test_the_list_pages_by_key():
    for n in range(3):
        factories.case(title=f"第 {n} 件", told_at=cast.NOW - timedelta(minutes=n))
    program = Program()

    first = program.get("cases?limit=2").json()
    second = program.get(f"cases?limit=2&after={first['next']}").json()

    numbers = [case["number"] for case in first["cases"] + second["cases"]]
    assert len(set(numbers)) == 3
    assert second["next"] is None
    assert program.get("cases?after=nonsense").status_code == 400


def test_what_one_may_not_see_does_not_exist():
    case = factories.case()

    answer = Program(scope=Scope.OWN).get(f"cases/{case.public_id}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_without_the_permission_nothing_is_opened():
    assert Program("case.view").post("cases", REPORT).status_code == 403
    assert Client().get("/api/v1/cases").status_code == 401


def test_the_second_is_told_by_a_problem_in_words():
    program = Program()
    case = factories.case()
    actions.accept_case(case, by=cast.actor(cast.zhou_min()), at=cast.NOW)

    answer = program.post(f"cases/{case.public_id}/acceptance", {"owner": cast.chen_gang().email})

    assert answer.status_code == 409
    assert "周敏" in answer.json()["detail"]


@pytest.mark.parametrize(
    "change",
    [{"category": "nothing"}, {"account": "nobody"}, {"contact_id": "nobody"}, {"impact": 9}, {"title": ""}],
)
def test_what_is_not_known_is_named(change):
    answer = Program().post("cases", {**REPORT, **change})

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_program_splits_a_case_once_and_only_by_words_of_its_customer():
    program = Program(*EVERYTHING, "case.merge")
    case = factories.case()
    word = Message.objects.get(conversation_id=case.conversation_id, direction="in")
    wanted = {"title": "发票抬头写错", "messages": [word.pk]}

    made = program.post(f"cases/{case.public_id}/split", wanted, key="one")
    again = program.post(f"cases/{case.public_id}/split", wanted, key="one")
    strange = program.post(f"cases/{case.public_id}/split", {**wanted, "messages": [word.pk + 999]})
    refused = Program().post(f"cases/{case.public_id}/split", wanted)

    assert (made.status_code, strange.status_code, refused.status_code) == (201, 422, 403)
    assert made.json()["id"] == again.json()["id"]
    assert Case.objects.get(split_from=case).title == "发票抬头写错"


def test_a_program_puts_a_case_under_another_and_takes_it_out():
    program = Program(*EVERYTHING, "case.merge")
    parent, child = factories.case(), factories.case(title="又一件")
    url = f"cases/{child.public_id}/parent"

    put = program.post(url, {"parent": parent.public_id})
    actions.accept_case(parent, by=cast.actor(cast.administrator()), at=clock.now())
    kept_open = program.post(f"cases/{parent.public_id}/solution", {"solution": "answer"})
    ended = program.post(
        f"cases/{parent.public_id}/solution", {"solution": "answer", "despite_children": "分别处理"}
    )
    out = program.client.delete(f"/api/v1/{url}")
    unknown = program.post(url, {"parent": "nowhere"})

    assert [one.status_code for one in (put, kept_open, ended, out, unknown)] == [200, 422, 200, 200, 404]
    child.refresh_from_db()
    assert child.parent is None
