"""Names as they are sorted and compared."""

from __future__ import annotations

import re

from tightrope.search.words import normalised

_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "公司", "集团", "工厂",
    "corporation", "incorporated", "limited", "company", "holding", "gmbh", "corp", "ltd", "inc", "llc", "plc",
    "co", "ag", "bv", "nv", "sa", "kg",
)  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff]")
_SIGNS = re.compile(r"[\W_]+")
_PLACE = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")


def sort_key(name: str) -> str:
    """What a name is sorted by in every language: Chinese by its sound (pinyin), the rest by its letters."""
    plain = normalised(name).strip()
    if not _HAN.search(plain):
        return plain[:200]
    from pypinyin import lazy_pinyin

    # A separator below every letter keeps 李 (li) before 梁 (liang), whatever follows.
    return " ".join(lazy_pinyin(plain))[:200]


def match_key(name: str) -> str:
    """What is left of a name for comparing: no legal form, no place in brackets, no signs, one script."""
    plain = normalised(name)
    bare = _PLACE.sub(" ", plain)
    words = [word for word in _SIGNS.split(bare) if word and word not in _FORMS]
    key = "".join(words)
    for form in _FORMS:
        if _HAN.match(form) and key.endswith(form) and len(key) > len(form):
            key = key[: -len(form)]
    return (key or _SIGNS.sub("", plain))[:200]
