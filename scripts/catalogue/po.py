"""Read and write catalogues so that the same content is always the same bytes."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from catalogue.extract import Key, Text

# No dates and no program name: two people who run the tool make no difference to each other.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
Translations = dict[Key, str]


class UnreadableCatalogue(Exception):
    """A .po file that cannot be read."""


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    try:
        return read_po(io.BytesIO(path.read_bytes()), locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as problem:
        raise UnreadableCatalogue(f"{path}: {problem}") from problem


def key_of(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return (message.context or "", singular)


def translation_of(message: Message) -> str:
    """The one Chinese form: Chinese has no plural."""
    string = message.string
    return (string[0] if isinstance(string, (tuple, list)) else string) or ""


def translations_in(catalog: Catalog) -> Translations:
    return {key_of(m): translation_of(m) for m in catalog if m.id and translation_of(m) and not m.fuzzy}


def render(texts: dict[Key, Text], translations: Translations, language: str) -> str:
    """The catalogue as text: ordered by the English, files without line numbers."""
    catalog = Catalog(locale=language)
    for key, text in texts.items():
        string = translations.get(key, "")
        catalog.add(
            (text.singular, text.plural) if text.plural else text.singular,
            (string,) if text.plural else string,
            locations=[(name, None) for name in text.files],
            auto_comments=text.notes,
            context=text.context or None,
        )
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False)
    return HEADER.format(language=language) + out.getvalue().decode().strip("\n") + "\n"


def write(path: Path, content: str) -> bool:
    """Write only what changed, and say whether it did."""
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return True
