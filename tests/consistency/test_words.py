"""One English word that is two in Chinese is told apart wherever it is said."""

from __future__ import annotations

import pytest
from django.forms import Form
from django.utils import translation

from tightrope.cases.opening_form import NewCaseForm
from tightrope.customers.forms import ContactForm, EditContactForm, SiteForm
from tightrope.customers.wording import contact_word, fact_word, field_word
from tightrope.people.forms import PersonForm
from tightrope.people.templatetags.people import own_field, person_field


@pytest.mark.parametrize("form", [NewCaseForm, ContactForm, EditContactForm, PersonForm])
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_a_person_is_asked_for_the_name_of_a_person(form: type[Form], language: str) -> None:
    with translation.override(language):
        assert str(form.base_fields["name"].label) == "姓名"


def test_a_place_is_asked_for_the_name_of_a_thing() -> None:
    with translation.override("zh-hans"):
        assert str(SiteForm.base_fields["name"].label) == "名称"


def test_what_changed_about_a_person_and_about_a_thing_is_told_apart() -> None:
    with translation.override("zh-hans"):
        assert contact_word("name") == own_field("name") == "姓名"
        assert field_word("name") == person_field("name") == "名称"
        assert contact_word("position") == field_word("position") == "职位"
        assert fact_word("answers", {"楼层": "12", "梯号": "3"}) == "楼层：12；梯号：3"
