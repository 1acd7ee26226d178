"""A guess at the language of a mail, so that the first answer can be in it."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIMPLIFIED: Final = frozenset(
    "这个们为说时对过发后里种经学现当没动还进样开从实军无与长机业将两间问应战向头体见产话给门论处义"
)
_TRADITIONAL: Final = frozenset(
    "這個們為說時對過發後裡種經學現當沒動還進樣開從實軍無與長機業將兩間問應戰頭體見產話給門論處義"
)
_WORDS: Final = {
    "en": _words("the and is you we please not our with have for are this that hello regards thanks"),
    "de": _words("und der die das nicht bitte wir ist ein mit für sie haben auf hallo grüße danke"),
    "fr": _words("le la les et est nous vous pas une pour avec bonjour merci dans cordialement"),
    "es": _words("el la los y es no una por para con hola gracias saludos usted está"),
}
_ONLY_SIMPLIFIED: Final = _SIMPLIFIED - _TRADITIONAL
_ONLY_TRADITIONAL: Final = _TRADITIONAL - _SIMPLIFIED
_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """`zh-Hans`, `zh-Hant`, `ja`, `ko`, `en`, `de`, `fr`, `es`, or "" where the text does not say."""
    text = text[:4_000]
    kana = sum("\u3041" <= character <= "\u30fa" for character in text)
    hangul = sum("\uac00" <= character <= "\ud7a3" for character in text)
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    if kana and kana * 10 >= han:
        return "ja"
    if hangul > han:
        return "ko"
    if han >= 2:
        simplified = sum(character in _ONLY_SIMPLIFIED for character in text)
        traditional = sum(character in _ONLY_TRADITIONAL for character in text)
        return "zh-Hant" if traditional > simplified else "zh-Hans"
    words = [word.lower() for word in _WORD.findall(text)]
    counts = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else ""
