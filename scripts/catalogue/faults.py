"""What can be wrong with a pair of catalogues, each as one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from catalogue import po
from catalogue.extract import Key, Text, texts_of
from catalogue.places import ROOT, SOURCE_LANGUAGES, catalogue_of
from catalogue.traditional import Traditional, simplified_characters

PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|%[sdrif]|\{\{\s*[\w.]+\s*\}\}|\{[\w.!:,%]*\}"
)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def faults_of(folder: Path, traditional: Traditional, root: Path = ROOT) -> Iterator[str]:
    """Everything that keeps one capability's catalogues from being complete and true."""
    texts = texts_of(folder, root)
    catalogues = {
        language: po.read(catalogue_of(folder, language), language) for language in SOURCE_LANGUAGES
    }
    for language, catalog in catalogues.items():
        if texts and not catalogue_of(folder, language).exists():
            yield f"{folder.name}: there is no {language} catalogue, run `make messages`"
            continue
        yield from _faults_of_catalogue(f"{folder.name} {language}", texts, catalog)
    yield from _faults_of_derivation(folder, texts, catalogues, traditional)


def _faults_of_catalogue(name: str, texts: dict[Key, Text], catalog: Catalog) -> Iterator[str]:
    seen = set()
    for message in catalog:
        if not message.id:
            continue
        key, string = po.key_of(message), po.translation_of(message)
        seen.add(key)
        if key not in texts:
            yield f"{name}: {key[1]!r} is said nowhere any more"
        elif message.fuzzy:
            yield f"{name}: {key[1]!r} is marked fuzzy"
        elif not string:
            yield f"{name}: {key[1]!r} is not translated"
        else:
            yield from _mismatches(name, texts[key], string)
    for key in texts.keys() - seen:
        yield f"{name}: {key[1]!r} is missing, run `make messages`"


def _mismatches(name: str, text: Text, string: str) -> Iterator[str]:
    original = text.plural or text.singular
    for what, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        said, wanted = sorted(pattern.findall(string)), sorted(pattern.findall(original))
        if said != wanted:
            yield f"{name}: {text.singular!r} has the {what} {wanted}, its translation {said}"
    if string.startswith("\n") != original.startswith("\n") or string.endswith("\n") != original.endswith(
        "\n"
    ):
        yield f"{name}: {text.singular!r} begins or ends with a line break, its translation does not (or the reverse)"


def _faults_of_derivation(
    folder: Path, texts: dict[Key, Text], catalogues: dict[str, Catalog], traditional: Traditional
) -> Iterator[str]:
    derived = traditional.translations(po.translations_in(catalogues["zh_Hans"]))
    path = catalogue_of(folder, "zh_Hant")
    if path.exists() and path.read_text(encoding="utf-8") != po.render(texts, derived, "zh_Hant"):
        yield f"{folder.name} zh_Hant: not what zh_Hans gives today, run `make messages`"
    for (_context, singular), string in po.translations_in(catalogues["zh_Hant"]).items():
        if wrong := simplified_characters(string):
            yield f"{folder.name} zh_Hant: {singular!r} holds Simplified characters: {''.join(sorted(wrong))}"


def contradictions(folders: list[Path]) -> Iterator[str]:
    """One text translated in two ways: Django merges all catalogues, so the order of the apps would decide."""
    said: dict[Key, tuple[str, str]] = {}
    for folder in folders:
        catalog = po.read(catalogue_of(folder, "zh_Hans"), "zh_Hans")
        for key, string in po.translations_in(catalog).items():
            where, before = said.setdefault(key, (folder.name, string))
            if before != string:
                yield (
                    f"{key[1]!r} is {before!r} in {where} and {string!r} in {folder.name}:"
                    " agree on one, or tell them apart by a context"
                )
