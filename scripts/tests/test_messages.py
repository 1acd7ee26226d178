"""The translators' tool, on a small capability of its own."""

import json

import messages
import pytest
from catalogue import faults, po
from catalogue.extract import UnreadableSource, texts_of
from catalogue.places import catalogue_of
from catalogue.traditional import Traditional, simplified_characters

TEMPLATE = """<div>
  <h1>{% translate "Open case" %}</h1>
    {% translate "Open" context "verb" as label %}
 {% blocktranslate trimmed count n=cases|length with who=name %}
   One case of {{ who }}
 {% plural %}
   {{ n }} cases of {{ who }}
 {% endblocktranslate %}
   {# Translators: on a narrow button #}
 {{ _("It's late")|upper }} {% include "x.html" with label=_("Save") %}
 {% translate "50% done" %}
</div>"""
PYTHON = """from django.utils.translation import gettext_lazy as _, ngettext, pgettext
LABEL = _("Save")
def say(n, name):
    return pgettext("noun", "Open") + ngettext("%(n)s part", "%(n)s parts", n) % {"n": n} + _(name)
"""


@pytest.fixture
def capability(tmp_path, monkeypatch):
    folder = tmp_path / "src" / "tightrope" / "desk"
    (folder / "templates" / "desk").mkdir(parents=True)
    (folder / "templates" / "desk" / "case.html").write_text(TEMPLATE, encoding="utf-8")
    (folder / "views.py").write_text(PYTHON, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text('_("never shown")\n', encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "capabilities", lambda names: [folder])
    return folder


def faults_in(folder):
    return list(faults.faults_of(folder, Traditional(), messages.ROOT))


def fill(folder, **_):
    words = folder.parent / "words.json"
    words.write_text(
        json.dumps(
            {
                "Save": "保存",
                "Open case": "打开个案",
                "verb|Open": "打开",
                "noun|Open": "未结",
                "It's late": "已超时",
                "50%% done": "完成 50%%",
                "One case of %(who)s": "%(who)s 的 %(n)s 个个案",
                "%(n)s part": "%(n)s 个备件",
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    messages.fill(folder, words)


def test_texts_are_found_in_python_and_in_templates_with_context_and_plural(capability):
    texts = texts_of(capability, messages.ROOT)

    assert set(texts) == {
        ("", "Save"),
        ("", "Open case"),
        ("verb", "Open"),
        ("noun", "Open"),
        ("", "It's late"),
        ("", "50%% done"),
        ("", "One case of %(who)s"),
        ("", "%(n)s part"),
    }
    assert texts["", "One case of %(who)s"].plural == "%(n)s cases of %(who)s"
    assert texts["", "It's late"].notes == ["on a narrow button"]
    assert len(texts["", "Save"].files) == 2


def test_a_broken_template_is_named(capability):
    (capability / "templates" / "desk" / "bad.html").write_text(
        "{% blocktranslate %}{% if x %}", encoding="utf-8"
    )

    with pytest.raises(UnreadableSource, match=r"bad\.html"):
        texts_of(capability, messages.ROOT)


def test_a_text_under_a_name_that_the_search_does_not_know_is_not_passed_over(capability):
    (capability / "other.py").write_text(
        'from django.utils.translation import gettext as _now\n_now("Not found")\n', encoding="utf-8"
    )

    with pytest.raises(UnreadableSource, match=r"other\.py.*'_now'"):
        texts_of(capability, messages.ROOT)


def test_a_filled_catalogue_has_no_fault_and_says_what_taiwan_says(capability):
    fill(capability)

    assert faults_in(capability) == []
    traditional = po.translations_in(po.read(catalogue_of(capability, "zh_Hant"), "zh_Hant"))
    assert traditional["", "Open case"] == "開啟案件"
    assert traditional["", "It's late"] == "已逾時"
    assert traditional["", "%(n)s part"] == "%(n)s 個備品"


def test_updating_again_changes_no_byte_and_keeps_translations(capability):
    fill(capability)
    before = catalogue_of(capability, "zh_Hans").read_bytes()

    messages.update([capability])

    assert catalogue_of(capability, "zh_Hans").read_bytes() == before


def test_a_text_that_is_gone_leaves_the_catalogue_and_a_new_one_waits(capability):
    fill(capability)
    (capability / "views.py").write_text('from x import gettext as _\n_("Brand new")\n', encoding="utf-8")
    assert any("Brand new" in fault and "missing" in fault for fault in faults_in(capability))

    messages.update([capability])

    catalog = po.read(catalogue_of(capability, "zh_Hans"), "zh_Hans")
    assert ("", "%(n)s part") not in {po.key_of(m) for m in catalog if m.id}
    assert faults_in(capability) == [
        "desk zh_Hans: 'Brand new' is not translated",
        "desk zh_Hant: 'Brand new' is not translated",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("%(n)s 个备件", "%(m)s 个备件", "placeholders"),
        ("%(n)s 个备件", "个备件", "placeholders"),
        ("保存", "保存<b>", "tags"),
    ],
)
def test_a_translation_that_loses_a_placeholder_or_gains_a_tag_is_a_fault(
    capability, right, wrong, complaint
):
    fill(capability)
    path = catalogue_of(capability, "zh_Hans")
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")

    messages.update([capability])

    assert any(complaint in fault for fault in faults_in(capability))


def test_a_fuzzy_entry_and_a_hand_edited_traditional_entry_are_faults(capability):
    fill(capability)
    simplified, traditional = catalogue_of(capability, "zh_Hans"), catalogue_of(capability, "zh_Hant")
    simplified.write_text(
        simplified.read_text(encoding="utf-8").replace('msgid "Save"', '#, fuzzy\nmsgid "Save"'),
        encoding="utf-8",
    )
    traditional.write_text(
        traditional.read_text(encoding="utf-8").replace("開啟案件", "打开案件"), encoding="utf-8"
    )

    found = faults_in(capability)

    assert any("fuzzy" in fault for fault in found)
    assert any("not what zh_Hans gives" in fault for fault in found)
    assert any("Simplified characters: 开" in fault for fault in found)


def test_one_text_with_two_translations_is_a_contradiction(capability, tmp_path):
    fill(capability)
    other = tmp_path / "src" / "tightrope" / "other"
    other.mkdir()
    (other / "a.py").write_text('_("Save")\n', encoding="utf-8")
    (tmp_path / "other.json").write_text('{"Save": "存储"}', encoding="utf-8")
    messages.fill(other, tmp_path / "other.json")

    assert len(list(faults.contradictions([capability, other]))) == 1


def test_words_for_a_text_that_nobody_says_are_refused(capability, tmp_path):
    (tmp_path / "w.json").write_text('{"Sav": "保存"}', encoding="utf-8")

    with pytest.raises(messages.WrongWords, match="Sav"):
        messages.fill(capability, tmp_path / "w.json")


def test_compiled_catalogues_can_be_read_by_gettext(capability):
    import gettext

    fill(capability)
    messages.compile_all([capability])

    with catalogue_of(capability, "zh_Hant").with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).pgettext("verb", "Open") == "開啟"


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("保修期内", "保固期內"),
        ("请确保修复后再关闭个案", "請確保修復後再關閉案件"),
        ("投诉的质量信息已发送到用户的邮箱", "客訴的品質資訊已傳送到使用者的信箱"),
        ("“服务级别协议”已超时", "「服務水準協議」已逾時"),
        ("平台后台", "平台後台"),
    ],
)
def test_taiwans_words_are_used(simplified, traditional):
    assert Traditional().convert(simplified) == traditional


def test_simplified_characters_are_seen_and_common_traditional_ones_are_not():
    assert simplified_characters("台灣后里的只麵余准占公里干杯 fine 啟用峰") == set()
    assert simplified_characters("打开与体验") == set("开与体验")
