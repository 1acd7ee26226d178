from __future__ import annotations

import pytest
from django.urls import reverse
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.fields import actions, queries
from tightrope.fields.models import Definition, Draft

pytestmark = pytest.mark.django_db
A = {"key": "off", "kind": "yes_no", "names": {"en": "Switched off?", "zh-hans": "已断电？"}}


@pytest.fixture
def manager(client):
    client.force_login(cast.person("wang@hengyuan.example", "王伟", "manager", language="en"))
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"fields:{name}", args=args)


def question(**facts: object) -> dict[str, object]:
    return {"key": "why", "kind": "text", "names_en": "Why not?", "names_zh_hans": "为什么？"} | facts


def test_a_form_is_made_by_plain_html_forms_alone(manager):
    manager.post(address("list"), {"key": "fault", "name_en": "Fault", "name_zh_hans": "故障报修"})
    manager.post(
        address("questions", "fault"),
        question(
            key="where",
            kind="choice",
            names_en="Where?",
            options="in | Indoors | 室内\nout | Outdoors",
            is_required="on",
        ),
    )
    manager.post(address("questions", "fault"), question(key="floor", show_if="where=in"))
    manager.post(address("move", "fault", "floor"), {"to": "down"})
    manager.post(
        address("question", "fault", "floor"),
        question(key="floor", names_en="Which floor?", show_if="where=in"),
    )

    assert queries.current("fault") is None
    response = manager.post(address("publication", "fault"))

    assert response.status_code == 303
    published = queries.current("fault")
    assert published is not None
    where, floor = published.asked()
    assert [(one.value, dict(one.names)) for one in where.options] == [
        ("in", {"en": "Indoors", "zh-hans": "室内"}), ("out", {"en": "Outdoors"}),
    ]  # fmt: skip
    assert (floor.names["en"], floor.show_if) == ("Which floor?", ("where", "in"))


def test_the_page_shows_what_would_change_and_how_it_looks_in_each_language(manager):
    actions.publish_definition("fault", names={"en": "Fault"}, questions=[A], by=SYSTEM, at=cast.NOW)
    manager.post(address("questions", "fault"), question())

    html = manager.get(address("form", "fault"), {"language": "zh-hans"}).content.decode()

    assert "What would change" in html
    assert "<b>new</b> Why not?" in html
    assert "已断电？" in html
    manager.post(address("publication", "fault"))
    version = manager.get(address("version", "fault", 2)).content.decode()
    assert "<b>new</b> Why not?" in version


def test_a_refusal_is_said_at_the_form(manager):
    actions.publish_definition("fault", names={"en": "Fault"}, questions=[A], by=SYSTEM, at=cast.NOW)

    response = manager.post(address("questions", "fault"), question(key="Bad Key"))
    taken = manager.post(address("list"), {"key": "fault", "name_en": "Fault"})

    assert (response.status_code, taken.status_code) == (422, 422)
    assert "no key" in response.content.decode()
    assert not Draft.objects.exists()


def test_a_question_on_which_another_depends_stays(manager):
    depends = {"key": "why", "kind": "text", "names": {"en": "Why?"}, "show_if": ["off", "no"]}
    actions.publish_definition("fault", names={"en": "Fault"}, questions=[A, depends], by=SYSTEM, at=cast.NOW)

    html = manager.post(address("removal", "fault", "off"), follow=True).content.decode()

    assert "does not come before it" in html
    manager.post(address("removal", "fault", "why"))
    assert len(Draft.objects.get().questions) == 1
    manager.post(address("discarding", "fault"))
    assert not Draft.objects.exists()


def test_a_new_form_that_is_discarded_leads_back_to_the_list(manager):
    manager.post(address("list"), {"key": "fault", "name_en": "Fault"})

    assert manager.post(address("discarding", "fault"))["Location"] == address("list")


@pytest.mark.parametrize(
    ("name", "args"),
    [("form", ["no"]), ("version", ["no", 1]), ("questions", ["no"]), ("question", ["fault", "no"]),
     ("version", ["fault", 99999999999999999])],
)  # fmt: skip
def test_what_is_not_there_is_404(manager, name, args):
    actions.publish_definition("fault", names={"en": "Fault"}, questions=[A], by=SYSTEM, at=cast.NOW)

    assert manager.get(address(name, *args)).status_code == 404


def test_only_who_may_configure_enters(client):
    client.force_login(cast.zhou_min())
    actions.publish_definition("fault", names={"en": "Fault"}, questions=[A], by=SYSTEM, at=cast.NOW)

    assert client.get(address("list")).status_code == 403
    assert client.post(address("removal", "fault", "off")).status_code == 403
    assert Definition.objects.count() == 1


def test_the_list_asks_the_same_few_questions_however_long_it_is(manager, django_assert_max_num_queries):
    for number in range(12):
        actions.publish_definition(f"f{number}", names={"en": "F"}, questions=[A], by=SYSTEM, at=cast.NOW)

    with django_assert_max_num_queries(14):
        manager.get(address("list"))
