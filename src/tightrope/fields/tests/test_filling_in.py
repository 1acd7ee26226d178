from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from tightrope.fields import forms, queries
from tightrope.fields.models import Definition
from tightrope.fields.questions import WrongQuestion, read_questions


def names(en: str, zh: str = "") -> dict[str, str]:
    return {"en": en, "zh-hans": zh} if zh else {"en": en}


QUESTIONS = [
    {"key": "model", "kind": "text", "names": names("Model", "型号"), "is_required": True,
     "example": names("KFR-72")},
    {"key": "words", "kind": "long_text", "names": names("What happens?", "现象")},
    {"key": "noise", "kind": "number", "names": names("Noise", "噪声"), "unit": "dB", "at_least": 0, "at_most": 140},
    {"key": "where", "kind": "choice", "names": names("Where is it?", "位置"),
     "options": [{"value": "in", "names": names("Indoors", "室内")}, {"value": "out", "names": names("Outdoors", "室外")}]},
    {"key": "floor", "kind": "text", "names": names("Floor", "楼层"), "is_required": True, "show_if": ["where", "in"]},
    {"key": "signs", "kind": "several", "names": names("Signs", "迹象"),
     "options": [{"value": v, "names": names(v)} for v in ("smoke", "water", "sparks")]},
    {"key": "since", "kind": "date", "names": names("Since", "开始日期")},
    {"key": "off", "kind": "yes_no", "names": names("Switched off?", "已断电？")},
    {"key": "why", "kind": "text", "names": names("Why not?", "原因"), "show_if": ["off", "no"]},
    {"key": "photo", "kind": "photo", "names": names("Photo", "照片")},
    {"key": "place", "kind": "place", "names": names("Address", "地址")},
]  # fmt: skip
FAULT = Definition(key="fault", version=3, names=names("Fault", "故障报修"), questions=QUESTIONS)


def sent(**answers) -> QueryDict:
    data = QueryDict(mutable=True)
    for key, value in answers.items():
        data.setlist(f"q_{key}", value if isinstance(value, list) else [value])
    return data


def test_answers_come_out_plain():
    files = MultiValueDict(
        {"q_photo": [SimpleUploadedFile("板.jpg", b"x"), SimpleUploadedFile("b.jpg", b"y")]}
    )
    form = forms.form_of(
        FAULT,
        sent(model=" KFR ", noise="61.5", where="in", floor="3", signs=["smoke", "water"], since="2026-11-18",
             off="yes", place="苏州"),
        files, "zh-hans",
    )  # fmt: skip

    assert form.is_valid(), form.errors
    assert form.answers() == {
        "model": "KFR", "noise": 61.5, "where": "in", "floor": "3", "signs": ["smoke", "water"],
        "since": "2026-11-18", "off": True, "photo": ["板.jpg", "b.jpg"], "place": "苏州",
    }  # fmt: skip
    assert [upload.name for upload in form.uploads()] == ["板.jpg", "b.jpg"]


def test_a_question_whose_condition_is_not_met_is_neither_asked_nor_kept():
    form = forms.form_of(FAULT, sent(model="K", where="out", floor="3", off="yes", why="lies"))

    assert form.is_valid(), form.errors
    assert form.answers() == {"model": "K", "where": "out", "off": True}


def test_a_question_whose_condition_is_met_is_demanded_on_the_server():
    form = forms.form_of(FAULT, sent(model="K", where="in"))

    assert not form.is_valid()
    assert list(form.errors) == ["q_floor"]


def test_what_hangs_on_a_hidden_question_is_hidden_too():
    chain = Definition(
        names=names("x"),
        questions=[
            {"key": "a", "kind": "yes_no", "names": names("a")},
            {"key": "b", "kind": "yes_no", "names": names("b"), "show_if": ["a", "yes"]},
            {"key": "c", "kind": "text", "names": names("c"), "is_required": True, "show_if": ["b", "yes"]},
        ],
    )

    form = forms.form_of(chain, sent(a="no", b="yes", c="x"))

    assert form.is_valid(), form.errors
    assert form.answers() == {"a": False}


@pytest.mark.parametrize(
    ("key", "value"),
    [("noise", "141"), ("noise", "-1"), ("noise", "NaN"), ("noise", "abc"), ("where", "moon"), ("signs", "x"),
     ("since", "2026-02-30"), ("off", "maybe"), ("model", "x" * 301), ("model", "a\x00b"), ("model", "  ")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_question(key, value):
    form = forms.form_of(FAULT, sent(**({"model": "K"} | {key: value})))

    assert not form.is_valid()
    assert f"q_{key}" in form.errors


def test_the_form_speaks_the_language_it_is_asked_for():
    chinese, english = (forms.form_of(FAULT, language=one).as_p() for one in ("zh-hant", "en"))

    assert "型号" in chinese
    assert "Model" in english
    assert "噪声 (dB)" in chinese
    assert "Only if “Where is it?” is “Indoors”." in english


def test_words_of_the_company_are_shown_as_words():
    evil = Definition(names=names("x"), questions=[{"key": "a", "kind": "text", "names": names("<script>x")}])

    assert "<script>" not in forms.form_of(evil).as_p()


def test_answers_are_described_as_they_were_asked():
    answers = {"model": "K", "noise": 1500.5, "where": "in", "signs": ["smoke", "gone"], "since": "2026-11-18",
               "off": False, "photo": ["a.jpg"]}  # fmt: skip

    assert queries.describe(FAULT, answers, "zh-hans") == [
        ("型号", "K"), ("噪声", "1500.5 dB"), ("位置", "室内"), ("迹象", "smoke, gone"), ("开始日期", "2026年11月18日"),
        ("已断电？", "否"), ("照片", "a.jpg"),
    ]  # fmt: skip


def test_the_api_takes_the_same_answers_and_says_what_is_wrong():
    told = {
        "model": "K",
        "noise": 61,
        "where": "in",
        "floor": "3",
        "signs": ["smoke"],
        "off": False,
        "why": "x",
    }

    assert forms.check_answers(FAULT, told) == told
    with pytest.raises(forms.WrongAnswers) as wrong:
        forms.check_answers(FAULT, {"noise": 999, "where": "in"})
    assert set(wrong.value.errors) == {"model", "noise", "floor"}
    with pytest.raises(forms.WrongAnswers, match="no such question"):
        forms.check_answers(FAULT, {"model": "K", "other": "x"})


def test_the_schema_says_what_the_form_says():
    schema = queries.schema_of(FAULT, "zh-hans")

    assert schema["required"] == ["model"]
    assert "photo" not in schema["properties"]
    assert schema["properties"]["noise"] == {"title": "噪声", "type": "number", "minimum": 0, "maximum": 140}
    assert schema["allOf"] == [
        {
            "if": {"properties": {"where": {"const": "in"}}, "required": ["where"]},
            "then": {"required": ["floor"]},
        }
    ]


@given(
    st.fixed_dictionaries(
        {"model": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=50)},
        optional={
            "noise": st.integers(0, 140) | st.decimals(0, 140, places=3).map(float),
            "where": st.sampled_from(["in", "out"]),
            "floor": st.sampled_from(["1", "B2"]),
            "signs": st.lists(st.sampled_from(["smoke", "water", "sparks"]), min_size=1, unique=True),
            "since": st.dates().map(lambda day: day.isoformat()),
            "off": st.booleans(),
            "why": st.sampled_from(["", "no key"]),
        },
    )
)
def test_what_was_kept_is_kept_again_the_same(answers):
    wanted = {"model"} if not answers["model"].strip() else set()
    if answers.get("where") == "in" and "floor" not in answers:
        wanted.add("floor")
    if wanted:
        with pytest.raises(forms.WrongAnswers) as wrong:
            forms.check_answers(FAULT, answers)
        assert set(wrong.value.errors) == wanted
        return

    kept = forms.check_answers(FAULT, answers)

    assert forms.check_answers(FAULT, kept) == kept
    assert ("floor" in kept) == (answers.get("where") == "in")
    assert "why" not in kept or answers["off"] is False
    assert len(queries.describe(FAULT, kept, "en")) == len(kept)


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([{"key": "A", "kind": "text", "names": names("x")}], "no key"),
        ([{"key": "a", "kind": "telepathy", "names": names("x")}], "no kind"),
        ([{"key": "a", "kind": "text", "names": {}}], "its words"),
        ([{"key": "a", "kind": "choice", "names": names("x")}], "between 1 and"),
        ([{"key": "a", "kind": "choice", "names": names("x"),
           "options": [{"value": "1", "names": names("x")}] * 2}], "the same answer twice"),
        ([{"key": "a", "kind": "number", "names": names("x"), "at_least": 5, "at_most": 1}], "more than the most"),
        ([{"key": "a", "kind": "number", "names": names("x"), "at_least": "nan"}], "no number"),
        ([{"key": "a", "kind": "text", "names": names("x")}] * 2, "Two questions"),
        ([{"key": "a", "kind": "text", "names": names("x"), "show_if": ["b", "yes"]}], "does not come before"),
        ([{"key": "b", "kind": "text", "names": names("b")},
          {"key": "a", "kind": "text", "names": names("x"), "show_if": ["b", "yes"]}], "answers to choose from"),
        ([{"key": "b", "kind": "yes_no", "names": names("b")},
          {"key": "a", "kind": "text", "names": names("x"), "show_if": ["b", "perhaps"]}], "cannot be given"),
        ([{"key": f"q{n}", "kind": "text", "names": names("x")} for n in range(61)], "at most 60"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_asked_is_refused_with_the_reason(questions, said):
    with pytest.raises(WrongQuestion, match=said):
        read_questions(questions)
