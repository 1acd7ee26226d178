"""What the libraries say on our pages is said in our words, and nothing is kept that they say no more."""

from __future__ import annotations

from gettext import translation as catalogue
from pathlib import Path

import allauth
import django
import pytest
from django.contrib.auth.password_validation import password_validators_help_texts
from django.forms import CharField, EmailField, ValidationError
from django.utils import translation

from tightrope.people import borrowed as of_signing_in
from tightrope.ui import borrowed as of_fields

DJANGO = Path(django.__file__).parent
LIBRARIES = (
    DJANGO / "conf" / "locale",
    DJANGO / "contrib" / "auth" / "locale",
    Path(allauth.__file__).parent / "locale",
)
TEXTS = (
    *of_fields.WRONG_IN_A_FIELD,
    *of_signing_in.PASSWORD,
    *of_signing_in.SECOND_FACTOR,
    *of_signing_in.SESSIONS,
)


def refusal(field: CharField, value: str) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return list(refused.value.messages)


@pytest.mark.parametrize("text", TEXTS)
def test_a_library_still_says_it(text: str) -> None:
    catalogues = [
        catalogue("django", str(folder), [language])
        for folder in LIBRARIES
        for language in ("zh_Hans", "zh_Hant")
    ]

    assert any(one.gettext(text) != text for one in catalogues)


def test_a_field_that_is_filled_in_wrongly_says_so_in_our_words() -> None:
    with translation.override("zh-hans"):
        assert refusal(CharField(), "") == ["请填写此项。"]
        assert refusal(EmailField(), "x") == ["请输入有效的邮箱。"]
        assert refusal(CharField(max_length=3), "12345") == ["最多 3 个字符，现有 5 个。"]
    with translation.override("zh-hant"):
        assert refusal(EmailField(), "x") == ["請輸入有效的信箱。"]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_whoever_chooses_a_password_is_not_called_by_a_familiar_you(language: str) -> None:
    with translation.override(language):
        said = password_validators_help_texts()

    assert len(said) >= 3
    assert not any("你" in text for text in said)
