"""The desk as staff use it: the queue, a case, and its acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.cases import actions
from tightrope.cases.models import Case, Rules
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_o_clock")]


def browser(user: User | None = None, *, htmx: bool = False) -> Client:
    """A signed-in browser; with `htmx` it asks for fragments."""
    client = Client(headers={"HX-Request": "true"} if htmx else None)
    client.force_login(user or cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(case: Case, noun: str = "case", *more: Any) -> str:
    """The address of a case, or of one of its nouns."""
    return reverse(f"cases:{noun}", args=[case.public_id, *more])


def test_the_queue_shows_what_is_to_do_by_promise_and_priority():
    late = factories.case(title="后说的", told_at=cast.NOW)
    first = factories.case(title="先说的", told_at=cast.NOW - timedelta(hours=1))

    page = browser().get(reverse("cases:queue")).content.decode()

    assert page.index(first.title) < page.index(late.title)
    assert first.number in page


def test_a_case_says_what_is_promised_and_what_was_said():
    case = factories.case()

    page = browser().get(at(case)).content.decode()

    assert case.title in page
    assert "面板显示 E3" in page
    assert "promise-figure" in page
    assert factories.hengtong().name in page


def test_whoever_sees_no_cases_enters_neither_queue_nor_case():
    case = factories.case()
    ola = browser(cast.ola())

    assert ola.get(reverse("cases:queue")).status_code == 403
    assert ola.get(at(case)).status_code == 403


def test_a_case_outside_of_ones_reach_does_not_exist():
    case = factories.case()
    engineer = browser(cast.wu_qiang())

    assert engineer.get(at(case)).status_code == 404
    assert engineer.post(at(case, "notes"), {"body": "x"}).status_code == 404


def test_accepting_names_the_owner_and_the_second_is_told():
    case = factories.case()

    first = browser().post(at(case, "acceptance"))
    second = browser(cast.chen_gang()).post(at(case, "acceptance"))

    assert first.status_code == 303
    assert second.status_code == 409
    assert "周敏" in second.content.decode()


def test_an_answer_is_sent_once_however_often_the_button_is_pressed():
    case = factories.case()
    client = browser()
    facts = {"text": "请先关闭 2 号机。", "form_token": "t1"}

    client.post(at(case, "replies"), facts)
    client.post(at(case, "replies"), facts)

    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1
    case.refresh_from_db()
    assert case.status == Case.Status.ACCEPTED


def test_answering_past_a_new_word_shows_both_texts():
    case = factories.case()
    client = browser()
    actions.send_reply(
        case, text="我已经回复了。", by=cast.actor(cast.chen_gang()), at=cast.NOW + timedelta(minutes=5)
    )

    answer = client.post(
        at(case, "replies"), {"text": "我的回复", "form_token": "t2", "seen_until": cast.NOW.isoformat()}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我已经回复了。" in page
    assert "我的回复" in page
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="out").count() == 1


def test_send_and_wait_pauses_the_clocks():
    case = factories.case()

    browser().post(
        at(case, "replies"),
        {"text": "请发照片", "then": "wait", "waiting_for": "机房照片", "form_token": "t"},
    )

    case.refresh_from_db()
    assert (case.status, case.waiting_for) == ("waiting", "机房照片")


def test_send_and_solve_needs_to_know_how():
    case = factories.case()

    answer = browser().post(
        at(case, "replies"), {"text": "好了", "then": "solve", "solution": "", "form_token": "t"}
    )

    assert answer.status_code == 422
    assert "好了" in answer.content.decode()


@pytest.mark.parametrize(
    "noun",
    [
        "assignment", "handover", "waiting", "solution", "reopening", "merge", "rejection", "severity", "category",
        "title", "tags", "customer", "complaint", "cause", "calls",
    ],
)  # fmt: skip
def test_each_act_asks_on_a_page_of_its_own(noun):
    case = factories.case()

    answer = browser(cast.chen_gang()).get(at(case, noun))

    assert answer.status_code == 200
    assert "<form" in answer.content.decode()


def test_what_htmx_puts_in_place_is_what_a_reload_shows():
    case = factories.case()
    after = browser(htmx=True).post(at(case, "acceptance")).content.decode()
    reloaded = browser().get(at(case)).content.decode()

    assert core_of(after) == core_of(reloaded)
    assert (
        browser(htmx=True).get(reverse("cases:queue")).content.decode().strip()
        in browser().get(reverse("cases:queue")).content.decode()
    )


def core_of(page: str) -> str:
    """The part that is swapped, without what differs in every answer."""
    import re

    main = page[page.index('id="main"') : page.rindex("</aside>")]
    main = re.sub(r'(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", main)
    return re.sub(r"\s+", " ", main)


def new_case(**facts: Any) -> dict[str, Any]:
    return {"title": "空调不制冷", "channel": "phone", "told": "now", "form_token": "n1", **facts}


def test_a_call_becomes_a_case_whose_clock_began_when_the_customer_spoke():
    wang = factories.wang_lei()

    answer = browser().post(reverse("cases:new"), new_case(who=f"contact:{wang.public_id}", told="hour"))

    case = Case.objects.get()
    assert answer.url == at(case)
    assert case.contact == wang
    assert case.told_at == clock.now() - timedelta(hours=1)
    assert case.reported_by == cast.zhou_min()


def test_somebody_new_needs_a_name_and_a_way_to_be_reached():
    client = browser()

    refused = client.post(reverse("cases:new"), new_case(name="赵六"))
    entered = client.post(reverse("cases:new"), new_case(name="赵六", phone="139 1111 2222", form_token="n2"))

    assert refused.status_code == 422
    assert entered.status_code == 303
    assert Case.objects.get().contact.name == "赵六"


def test_entering_twice_makes_one_case():
    wang = factories.wang_lei()
    client = browser()

    for _ in range(2):
        client.post(reverse("cases:new"), new_case(who=f"contact:{wang.public_id}"))

    assert Case.objects.count() == 1


def test_the_promised_time_is_known_before_anything_is_saved():
    wang = factories.wang_lei()
    factories.case(title="另一件")

    preview = browser(htmx=True).get(
        reverse("cases:new_preview"), {"who": f"contact:{wang.public_id}", "told": "now"}
    )

    page = preview.content.decode()
    assert "12:30" in page or "今天" in page
    assert "另一件" in page
    assert Case.objects.count() == 1


def test_a_number_finds_who_calls():
    factories.wang_lei()

    found = browser(htmx=True).get(reverse("cases:new_who"), {"q": "13800001234"}).content.decode()

    assert "王磊" in found


def test_the_second_of_two_who_retitle_sees_both_texts():
    case = factories.case()
    actions.retitle_case(
        case, title="2 号机漏水", version=case.version, by=cast.actor(cast.chen_gang()), at=clock.now()
    )

    answer = browser().post(at(case, "title"), {"title": "机房漏水", "version": case.version})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "2 号机漏水" in page
    assert "机房漏水" in page
    fresh = Case.objects.get()
    assert (
        browser().post(at(case, "title"), {"title": "机房漏水", "version": fresh.version}).status_code == 303
    )


def test_a_vain_call_plans_the_next_and_a_talk_ends_them():
    case = factories.case()
    client = browser()

    client.post(at(case, "calls"), {"outcome": "no_answer", "text": ""})
    assert actions.open_call_of(case) is not None
    client.post(at(case, "calls"), {"outcome": "reached", "text": "已切换备用机"})

    case.refresh_from_db()
    assert actions.open_call_of(case) is None
    assert case.answered_at is not None


def test_an_answer_taken_back_stands_in_the_editor_again(settings):
    settings.MAIL_OUT_HOST = "mail.example"
    case = factories.case()
    client = browser()
    sent = client.post(at(case, "replies"), {"text": "发错了的话", "form_token": "t"}, follow=True)
    message = Message.objects.get(conversation_id=case.conversation_id, direction="out", is_automatic=False)

    back = client.post(at(case, "taking_back", message.pk)).content.decode()

    assert at(case, "taking_back", message.pk) in sent.content.decode()
    assert "发错了的话" in back
    case.refresh_from_db()
    assert case.answered_at is None
    assert case.next_due_at is not None


def test_categories_are_kept_in_three_languages_and_never_below_themselves():
    client = browser(cast.gu_wei())
    facts = {
        "code": "pump",
        "name_en": "Pump",
        "name_zh_hans": "水泵",
        "type": "fault",
        "impact": 2,
        "urgency": 2,
        "sort": 5,
    }

    made = client.post(reverse("cases:new_category"), facts)
    from tightrope.cases.models import Category

    pump = Category.objects.get(code="pump")
    child = Category.objects.create(code="seal", names={"en": "Seal"}, parent=pump)
    refused = client.post(reverse("cases:category_change", args=["pump"]), {**facts, "parent": child.pk})

    assert made.status_code == 303
    assert pump.names == {"en": "Pump", "zh-hans": "水泵"}
    assert refused.status_code == 422
    assert browser().get(reverse("cases:categories")).status_code == 403


def test_a_code_that_is_a_word_of_our_addresses_is_refused():
    client = browser(cast.gu_wei())
    category = {"code": "new", "name_en": "New", "type": "fault", "impact": 2, "urgency": 2, "sort": 5}

    filed = client.post(reverse("cases:new_category"), category)
    said = client.post(reverse("cases:new_canned"), {"code": "new", "name_en": "New", "body_en": "Hello"})

    assert (filed.status_code, said.status_code) == (422, 422)


def test_every_word_beside_a_code_in_an_address_is_reserved():
    from tightrope.cases.actions.configuring import RESERVED
    from tightrope.cases.urls import urlpatterns

    addresses = [str(pattern.pattern) for pattern in urlpatterns]
    stems = {address.split("<slug:")[0] for address in addresses if "<slug:" in address}
    beside = {
        address[len(stem) :].split("/")[0]
        for stem in stems
        for address in addresses
        if address.startswith(stem) and "<" not in address and address != stem
    }

    assert stems == {"cases/categories/", "cases/canned/"}
    assert beside == RESERVED


def test_a_canned_reply_with_an_unknown_placeholder_is_refused():
    client = browser(cast.gu_wei())
    facts = {"code": "hello", "name_en": "Hello", "body_en": "Hello {{customer.shoe_size}}"}

    answer = client.post(reverse("cases:new_canned"), facts)

    assert answer.status_code == 422
    assert "customer.shoe_size" in answer.content.decode()


def test_the_rules_of_silence_can_be_changed():
    client = browser(cast.gu_wei())
    days = {
        "remind_after_days": 3, "remind_times": 1, "close_waiting_after_days": 9, "close_solved_after_days": 4,
        "reopen_within_days": 20, "untriaged_after_minutes": 10, "silent_after_minutes": 20,
        "retry_1": "60", "retry_2": "0", "return_call_hours": 4, "recurrence_days": 30, "detection": "make",
        "low_score": 1, "words_zh_hans": "退货\n 差评 \n退货",
    }  # fmt: skip

    assert client.post(reverse("cases:rules"), days).status_code == 303
    assert client.post(reverse("cases:rules"), {**days, "close_waiting_after_days": 2}).status_code == 422
    assert client.post(reverse("cases:rules"), {**days, "retry_1": ""}).status_code == 422
    rules = Rules.in_force()
    assert rules.call_retries == [60, 0]
    assert rules.detection == Rules.Detection.MAKE
    assert rules.complaint_words == {"en": [], "zh-hans": ["退货", "差评"], "zh-hant": []}
    assert "差评" in client.get(reverse("cases:rules")).content.decode()


def test_a_view_is_kept_under_a_name_and_shared():
    zhou, gang = browser(), browser(cast.chen_gang())

    zhou.post(
        reverse("cases:views"), {"name": "华东投诉", "query": "view=complaints&evil=1", "is_shared": "on"}
    )

    page = gang.get(reverse("cases:queue")).content.decode()
    assert "华东投诉" in page
    assert "view=complaints" in page
    assert "evil" not in page


def test_the_queue_and_the_case_ask_the_database_little(django_assert_max_num_queries):
    cases = [factories.case(title=f"第 {n} 件") for n in range(12)]
    client = browser()
    client.get(at(cases[0]))

    with django_assert_max_num_queries(9):
        client.get(reverse("cases:queue"))
    with django_assert_max_num_queries(20):
        client.get(at(cases[0]))


def test_a_row_of_the_queue_is_written_as_the_components_write_it():
    from django.template.loader import render_to_string

    from tightrope.cases.rows import rows_of

    case = factories.case()
    row = rows_of([case], at=clock.now())[0]
    page = browser().get(reverse("cases:queue")).content.decode()

    light = render_to_string("ui/components/light.html", {"light": row.light, "word": row.word}).strip()
    assert light.replace("Received", "已收到") in page
    bar = render_to_string(
        "ui/components/due.html", {"figure": "x", "run": row.due.run, "light": row.due.light}
    )
    assert bar.split("</span>")[-2] in page
    assert f'<due-clock datetime="{row.due_iso}"><time datetime="{row.due_iso}"' in page


def test_the_cases_of_a_customer_stand_on_his_page():
    case = factories.case()

    page = browser().get(reverse("customers:account", args=[case.account.public_id])).content.decode()

    assert case.title in page
    assert at(case) in page


def test_the_screens_of_a_case_are_joined_only_by_those_who_may_see_it():
    from tightrope.core.live import _may_join

    case = factories.case()
    topics = [f"case:{case.public_id}", "desk:queue"]

    assert _may_join(cast.actor(cast.zhou_min()), topics)
    assert not _may_join(cast.actor(cast.ola()), topics[:1])
    assert not _may_join(cast.actor(cast.wu_qiang()), topics[:1])
    assert not _may_join(cast.actor(cast.zhou_min()), ["desk:everything"])


def test_the_questions_of_a_category_are_asked_and_none_is_forced():
    from tightrope.core.actor import SYSTEM
    from tightrope.fields.actions import publish_definition

    asked = {"key": "floor", "kind": "text", "names": {"en": "Floor", "zh-hans": "楼层"}, "is_required": True}
    publish_definition("unit", names={"en": "Unit"}, questions=[asked], by=SYSTEM, at=cast.NOW)
    leak = factories.category("leak", form_key="unit")
    wang = factories.wang_lei()
    client = browser()

    fragment = client.get(reverse("cases:new_questions"), {"category": leak.pk}).content.decode()
    who = {"who": f"contact:{wang.public_id}", "category": leak.pk}
    client.post(reverse("cases:new"), new_case(**who, q_floor="三楼"))
    client.post(reverse("cases:new"), new_case(**who, form_token="n2"))

    assert "楼层" in fragment
    told, silent = Case.objects.order_by("pk")
    assert (told.answers, told.form_version, silent.answers) == ({"floor": "三楼"}, 1, {})
    assert "三楼" in client.get(at(told)).content.decode()
