"""Customers through the programming interface."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tightrope.core.actor import SYSTEM, Scope
from tightrope.customers.models import Account
from tightrope.customers.tests import factories as make
from tightrope.customers.tests.factories import AT
from tightrope.people import actions as people

pytestmark = pytest.mark.django_db


def client_with(*permissions: str) -> Client:
    """A program whose key grants these permissions everywhere."""
    make.user()
    _key, secret = people.make_key(name="ERP", grants=dict.fromkeys(permissions, Scope.ALL), by=SYSTEM, at=AT)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, url: str, facts: dict[str, Any], **headers: str) -> Any:
    return getattr(client, method)(url, facts, content_type="application/json", headers=headers)


def test_a_customer_is_opened_read_changed_and_found() -> None:
    client = client_with("customer.view", "customer.edit")

    opened = send(client, "post", "/api/v1/customers", {"name": "恒通数据", "tags": ["金牌"]})
    url = f"/api/v1/customers/{opened.json()['id']}"
    changed = send(client, "patch", url, {"version": 1, "name": "恒通数据中心"})
    stale = send(client, "patch", url, {"version": 1, "name": "别的"})
    added = send(
        client,
        "post",
        f"{url}/contacts",
        {"name": "王磊", "addresses": [{"kind": "phone", "value": "13812345678"}]},
    )

    assert opened.status_code == 201
    assert changed.json()["name"] == "恒通数据中心"
    assert stale.status_code == 409
    assert added.status_code == 201
    assert [one["name"] for one in client.get("/api/v1/customers").json()["accounts"]] == ["恒通数据中心"]
    assert client.get(f"{url}/contacts").json()[0]["addresses"][0]["value"] == "+8613812345678"
    assert {one["kind"] for one in client.get(f"{url}/line").json()["events"]} >= {
        "account.opened",
        "contact.added",
    }
    hits = client.get("/api/v1/search", {"q": "恒通"}).json()["hits"]
    assert {hit["kind"] for hit in hits} == {"account", "contact"}


def test_the_same_key_opens_one_customer() -> None:
    client = client_with("customer.view", "customer.edit")
    facts = {"name": "恒通数据"}

    first = send(client, "post", "/api/v1/customers", facts, **{"Idempotency-Key": "k1"})
    second = send(client, "post", "/api/v1/customers", facts, **{"Idempotency-Key": "k1"})

    assert first.json() == second.json()
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [{}, {"name": ""}, {"name": "X", "kind": "spaceship"}, {"name": "X", "region": "nowhere"},
     {"name": "X", "kind": "person", "addresses": [{"kind": "mail", "value": "x"}]},
     {"name": "X", "addresses": [{"kind": "mail", "value": "x@y.example"}]},
     {"name": "X", "time_zone": "Mars/Olympus"}, {"name": "X", "time_zone": "../etc/passwd"},
     {"name": "X", "time_zone": "Asia"}, {"name": "X", "time_zone": ""}],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_reason(facts: dict[str, Any]) -> None:
    answer = send(client_with("customer.view", "customer.edit"), "post", "/api/v1/customers", facts)

    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "change", [{"time_zone": "Mars/Olympus"}, {"time_zone": None}, {"name": None}, {"tags": None}]
)
def test_what_cannot_stand_is_not_put_in_place_of_what_stands(change: dict[str, Any]) -> None:
    account = make.account()
    client = client_with("customer.view", "customer.edit")

    answer = send(client, "patch", f"/api/v1/customers/{account.public_id}", {"version": 1, **change})

    assert answer.status_code == 422
    assert Account.objects.get().version == 1


def test_a_person_may_be_called_longer_than_a_contact_can_be() -> None:
    client = client_with("customer.view", "customer.edit")

    opened = send(client, "post", "/api/v1/customers", {"name": "长" * 200, "kind": "person"})
    url = f"/api/v1/customers/{opened.json()['id']}"
    changed = send(client, "patch", url, {"version": 1, "name": "久" * 200})

    assert (opened.status_code, changed.status_code) == (201, 200)
    assert client.get(f"{url}/contacts").json()[0]["name"] == "久" * 120


def test_without_a_key_or_permission_nothing_is_told() -> None:
    account = make.account()
    reader = client_with("customer.view")
    blind = client_with("people.manage")

    assert Client().get("/api/v1/customers").status_code == 401
    assert blind.get("/api/v1/customers").status_code == 403
    assert send(reader, "post", "/api/v1/customers", {"name": "X"}).status_code == 403
    assert reader.get(f"/api/v1/customers/{account.public_id}").json()["number"] == account.number
    assert reader.get("/api/v1/customers/nonsense").status_code == 404
    assert reader.get("/api/v1/customers", {"after": "x"}).status_code == 400
    assert reader.get("/api/v1/search", {"q": "x", "kind": "spaceship"}).status_code == 422
