"""Find the texts to translate in Python files and Django templates."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

from catalogue.places import sources_of

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
OTHER_NAME = re.compile(r"\bn?p?gettext(?:_lazy|_noop)? as (?!_\b)(\w+)")
Key = tuple[str, str]  # (context, or "" when there is none; singular)


class UnreadableSource(Exception):
    """A source file could not be searched for texts."""


@dataclass
class Text:
    """One text to translate: what it says, in which context, and the files that say it."""

    singular: str
    plural: str = ""
    context: str = ""
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.context, self.singular)


def texts_of(folder: Path, root: Path) -> dict[Key, Text]:
    """All texts of one capability, each once, ordered as a catalogue is."""
    found: dict[Key, Text] = {}
    for path in sources_of(folder):
        name = path.relative_to(root).as_posix()
        for text in _texts_in(path, name):
            known = found.setdefault(text.key, text)
            if known.plural and text.plural and known.plural != text.plural:
                raise UnreadableSource(
                    f"{name}: {text.singular!r} has the plural {text.plural!r} here and {known.plural!r} elsewhere"
                )
            known.plural = known.plural or text.plural
            if name not in known.files:
                known.files.append(name)
            known.notes.extend(note for note in text.notes if note not in known.notes)
    return dict(sorted(found.items(), key=lambda item: (item[0][1], item[0][0])))


def _texts_in(path: Path, name: str) -> list[Text]:
    source = path.read_text(encoding="utf-8")
    try:
        if path.suffix != ".py":
            source = _as_python(source, name)
        elif other := OTHER_NAME.search(source):
            raise UnreadableSource(
                f"{name}: texts said by {other[1]!r} would not be found; call it gettext or _"
            )
        return [text for call in _calls(source) if (text := _text(*call, name))]
    except UnreadableSource:
        raise
    except Exception as problem:
        raise UnreadableSource(f"{name}: {problem}") from problem


def _as_python(template: str, name: str) -> str:
    """A template as a row of gettext calls.

    Django leaves the page's indentation standing, which Python's tokenizer would read as broken blocks.
    """
    if not settings.configured:
        settings.configure(USE_I18N=True)
    return "\n".join(line.strip() for line in templatize(template, origin=name).split("\n"))


def _calls(source: str):
    return extract_python(
        io.BytesIO(source.encode()), list(KEYWORDS), ["Translators:"], {"encoding": "utf-8"}
    )


def _text(line: int, function: str, arguments, notes: list[str], name: str) -> Text | None:
    words = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
    wanted = KEYWORDS[function] or (1,)
    context, strings = "", []
    for want in wanted:
        position = want[0] if isinstance(want, tuple) else want
        word = words[position - 1] if len(words) >= position else None
        if not isinstance(word, str):
            return None  # a variable: its texts are marked where they are written
        if isinstance(want, tuple):
            context = word
        else:
            strings.append(word)
    if not strings[0]:
        raise UnreadableSource(
            f"{name}:{line}: an empty text is the catalogue's header and cannot be translated"
        )
    plural = strings[1] if len(strings) > 1 else ""
    cleaned = [note.removeprefix("Translators:").strip() for note in notes]
    return Text(strings[0], plural, context, [name], [note for note in cleaned if note])
