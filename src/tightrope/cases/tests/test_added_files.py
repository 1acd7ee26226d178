"""Files added at the desk: all of them are kept with what was said, or it is said why none is."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.files.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_o_clock")]


def sent_with_files(url: str, count: int, **typed: Any) -> Any:
    """What the desk answers to a form with so many files."""
    client = Client()
    client.force_login(cast.zhou_min(), backend="django.contrib.auth.backends.ModelBackend")
    added = [SimpleUploadedFile(f"{number}.txt", b"E3") for number in range(count)]
    return client.post(url, {**typed, "files": added})


def test_ten_files_are_kept_with_an_answer():
    case = factories.case()

    sent_with_files(reverse("cases:replies", args=[case.public_id]), 10, text="附上日志。")

    assert Message.objects.filter(text="附上日志。").count() == 1
    assert Attachment.objects.count() == 10


def test_an_eleventh_file_is_refused_by_a_sentence_and_the_answer_stays_in_the_editor():
    case = factories.case()

    answer = sent_with_files(reverse("cases:replies", args=[case.public_id]), 11, text="附上日志。")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "一次最多上传 10 个文件" in page
    assert "附上日志。" in page
    assert "10.txt" in page
    assert not Message.objects.filter(text="附上日志。").exists()


def test_a_case_entered_with_eleven_files_is_not_entered_with_ten():
    who = f"account:{factories.hengtong().public_id}"

    answer = sent_with_files(reverse("cases:new"), 11, who=who, title="停梯", channel="phone", told="now")

    assert answer.status_code == 422
    assert "一次最多上传 10 个文件" in answer.content.decode()
    assert not Case.objects.filter(title="停梯").exists()
