"""A new company, not a demo: one command, and the first person finds a desk that works."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import cast
from tightrope.calendars.models import WorkCalendar
from tightrope.cases.models import CannedReply, Category
from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.config.first_start import create_administrator, install_rules
from tightrope.people.models import Role, User
from tightrope.promises.models import Policy, Promise, PromiseKind, What

pytestmark = pytest.mark.django_db
PASSWORD = "a long way to the lift"


def first_person(email: str = "ann@example.com", *, language: str = "zh-hans") -> User:
    return create_administrator(
        email=email, name="Ann", password=PASSWORD, language=language, preset="small", at=cast.NOW
    )


def test_the_first_person_finds_roles_working_time_promises_categories_and_forms():
    ann = first_person()

    assert ann.language == "zh-hans"
    assert Role.objects.filter(code="administrator").exists()
    assert WorkCalendar.objects.get().name == "办公时间"
    assert Policy.objects.count() == 6
    assert Category.objects.exclude(form_key="").count() >= 5
    assert CannedReply.objects.exists()


def test_the_first_person_can_open_every_room_and_a_customer_can_report():
    client = Client()
    client.force_login(first_person(language="en"), backend="django.contrib.auth.backends.ModelBackend")

    rooms = [reverse(name) for name in ("measures:start", "cases:queue", "cases:categories", "people:list")]

    assert [client.get(room).status_code for room in rooms] == [200] * 4
    assert (
        "Lift" in Client().get(reverse("portal:report"), headers={"accept-language": "en"}).content.decode()
    )


def test_a_manufacturer_promises_help_to_the_trapped_at_night_and_on_a_holiday():
    with translation.override("zh-hant"):
        install_rules(preset="manufacturer", at=cast.NOW)
        install_rules(preset="manufacturer", at=cast.NOW)
    night = datetime(2026, 10, 1, 3, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    trapped = Category.objects.get(code="lift-trapped")

    case = factories.case(category=trapped, told_at=night, at=night)
    other = factories.case(category=Category.objects.get(code="lift-stop"), told_at=night, at=night)

    assert due(case, What.FIRST_RESPONSE) == night + timedelta(minutes=15)
    assert due(case, What.RESOLUTION) == night + timedelta(hours=2)
    assert due(other, What.FIRST_RESPONSE).astimezone(night.tzinfo).date() == date(2026, 10, 8)
    assert set(WorkCalendar.objects.values_list("name", "is_default")) == {
        ("辦公時間", True), ("全天候", False),
    }  # fmt: skip
    assert Policy.objects.filter(name="有人被困或有危險").count() == 1
    assert trapped.help["zh-hant"]
    assert verify.differences() == []


def test_a_small_firm_that_sleeps_promises_nothing_at_night():
    first_person()

    assert not Policy.objects.exclude(category_ids=[]).exists()
    assert WorkCalendar.objects.count() == 1


def due(case, what: What) -> datetime:
    return Promise.objects.get(subject_id=case.pk, what=what, kind=PromiseKind.CUSTOMER).due_at


def test_what_the_company_removed_does_not_come_back_with_a_second_administrator():
    first_person()
    Category.objects.filter(code="suggestion").delete()
    CannedReply.objects.all().delete()

    first_person("ben@example.com")

    assert not Category.objects.filter(code="suggestion").exists()
    assert not CannedReply.objects.exists()
