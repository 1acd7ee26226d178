"""A new company, not a demo: one command, and the first person finds a desk that works."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tightrope.calendars.models import WorkCalendar
from tightrope.cases.models import CannedReply, Category
from tightrope.config.first_start import create_administrator
from tightrope.people.models import Role, User
from tightrope.promises.models import Policy

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


def test_what_the_company_removed_does_not_come_back_with_a_second_administrator():
    first_person()
    Category.objects.filter(code="suggestion").delete()
    CannedReply.objects.all().delete()

    first_person("ben@example.com")

    assert not Category.objects.filter(code="suggestion").exists()
    assert not CannedReply.objects.exists()
