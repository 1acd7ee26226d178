"""Traditional Chinese as written in Taiwan, made from the Simplified catalogue.

OpenCC converts script and common computer words; `zh_hant_overrides.toml` holds the words of our trade that
differ (保修 is 保固 there) and, where a whole sentence needs another turn, the sentence.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path

from opencc import OpenCC

from catalogue.extract import Key
from catalogue.po import Translations

OVERRIDES = Path(__file__).resolve().parents[1] / "zh_hant_overrides.toml"
# Big5 holds some characters that modern Traditional text never uses; what it does not hold at all but
# GB2312 does is Simplified for certain.
SIMPLIFIED_WITHIN_BIG5 = set(
    "万与么优体儿党厂听圣坏宁岭并庄异怀怜惊愿扑扰据机极构柜气泞洁犹离种筑篱网胜腊荐虫蚕蚝蜡蝎触赶踊适"
)


class Traditional:
    """Turns Simplified sentences into Taiwan's usage."""

    def __init__(self, overrides: Path = OVERRIDES) -> None:
        table = tomllib.loads(overrides.read_text(encoding="utf-8"))
        self._terms: dict[str, str] = table.get("terms", {})
        self._after: dict[str, str] = table.get("after", {})
        self._texts = {
            (entry.get("context", ""), entry["msgid"]): entry["msgstr"] for entry in table.get("text", [])
        }

    @cached_property
    def _converter(self) -> OpenCC:
        return OpenCC("s2twp")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._terms, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def text(self, key: Key, simplified: str) -> str:
        return self._texts.get(key) or self.convert(simplified)

    def convert(self, simplified: str) -> str:
        """Our terms by our table, all between them by OpenCC."""
        parts, end = [], 0
        for match in self._pattern.finditer(simplified):
            parts += [self._by_opencc(simplified[end : match.start()]), self._terms[match[0]]]
            end = match.end()
        parts.append(self._by_opencc(simplified[end:]))
        return "".join(parts)

    def translations(self, simplified: Translations) -> Translations:
        return {key: self.text(key, string) for key, string in simplified.items()}

    def _by_opencc(self, piece: str) -> str:
        converted = self._converter.convert(piece) if piece else ""
        for said, wanted in self._after.items():
            converted = converted.replace(said, wanted)
        return converted


def simplified_characters(text: str) -> set[str]:
    """Characters in a Traditional text that only Simplified Chinese uses."""
    return {c for c in text if c in SIMPLIFIED_WITHIN_BIG5 or (_in(c, "gb2312") and not _in(c, "big5hkscs"))}


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
