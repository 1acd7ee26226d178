"""What holds for every template of the design system."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "templates" / "ui"
PAGES = sorted(path for path in FOLDER.rglob("*.html"))
LETTERS = FOLDER / "mail"


def source(path: Path) -> str:
    return re.sub(
        r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )


@pytest.mark.parametrize("path", [p for p in PAGES if LETTERS not in p.parents], ids=lambda p: p.name)
def test_nothing_is_inline_that_the_content_policy_would_refuse(path):
    markup = source(path)

    assert not re.search(r"\sstyle\s*=", markup)
    assert not re.search(r"\son[a-z]+\s*=", markup)
    assert "<style" not in markup
    assert "<script" not in markup
    assert "javascript:" not in markup


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_template_says_what_it_is_and_what_it_takes(path):
    assert re.search(
        r"{% comment %}\n.+\n{% endcomment %}", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_form_that_changes_something_carries_its_token(path):
    for form in re.findall(r'<form[^>]*method="post".*?</form>', source(path), flags=re.DOTALL):
        assert "{% csrf_field %}" in form


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_nothing_is_loaded_from_another_host(path):
    assert not re.search(r'(src|href)="(https?:)?//', source(path))
