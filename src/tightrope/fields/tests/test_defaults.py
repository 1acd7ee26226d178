from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.fields import actions, defaults, queries
from tightrope.fields.forms import form_of
from tightrope.fields.models import Definition
from tightrope.fields.questions import LANGUAGES

pytestmark = pytest.mark.django_db


def install():
    defaults.install(by=SYSTEM, at=cast.NOW)


def test_every_form_is_asked_in_three_languages_and_none_is_forced():
    install()

    for definition in queries.all_current():
        assert set(definition.names) == set(LANGUAGES), definition.key
        for question in definition.asked():
            for words in (question.names, *(option.names for option in question.options)):
                assert set(words) == set(LANGUAGES), (definition.key, question.key)
            assert not question.is_required
    assert len(queries.all_current()) == len(defaults.FORMS)


def test_a_machine_is_asked_for_its_serial_number_its_code_and_since_when():
    install()

    for key in ("ac-fault", "lift-fault"):
        kinds = {question.key: question.kind for question in queries.current(key).asked()}
        assert kinds["serial"] == kinds["error_code"] == "text"
        assert kinds["since"] == "date"
        assert {"photo", "video", "voice"} <= set(kinds.values())


def test_installing_twice_publishes_once_and_leaves_what_the_company_made():
    own = [{"key": "model", "kind": "text", "names": {"en": "Model"}}]
    actions.publish_definition("ac-fault", names={"en": "Ours"}, questions=own, by=SYSTEM, at=cast.NOW)

    install()
    install()

    assert queries.current("ac-fault").name == "Ours"
    assert set(Definition.objects.values_list("version", flat=True)) == {1}


def test_an_empty_form_is_a_valid_answer_and_a_full_one_reads_in_the_readers_language():
    install()
    asked = queries.current("ac-fault")

    empty = form_of(asked, QueryDict(""), MultiValueDict(), "zh-hans")
    full = form_of(
        asked, QueryDict("q_serial=AC-1&q_error_code=E3&q_state=stopped"), MultiValueDict(), "zh-hans"
    )

    assert empty.is_valid(), empty.errors
    assert full.is_valid(), full.errors
    assert ("设备还能运行吗？", "不能，已停机") in queries.describe(asked, full.answers(), "zh-hans")
