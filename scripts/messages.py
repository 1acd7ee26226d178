#!/usr/bin/env python3
"""The translators' tool: find texts, keep the Chinese catalogues, compile them, check them.

Texts are English in the source. A person translates to Simplified Chinese; Traditional Chinese is made from
that. No gettext program is needed.

  update [CAPABILITY ...]          after texts changed: brings both catalogues up to date
  missing [CAPABILITY ...]         prints what waits for a translation, as JSON {English: ""}
  fill CAPABILITY FILE.json        takes {English: 中文} ("context|English" with a context) into the catalogue
  compile                          makes the .mo files that the program reads
  check [CAPABILITY ...]           fails on anything missing, outdated or contradicting
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from catalogue import po
from catalogue.extract import UnreadableSource, texts_of
from catalogue.faults import contradictions, faults_of
from catalogue.places import ROOT, SOURCE_LANGUAGES, UnknownCapability, capabilities, catalogue_of
from catalogue.traditional import Traditional


class WrongWords(Exception):
    """A file of translations that does not fit the catalogue."""


def update(folders: list[Path]) -> None:
    traditional = Traditional()
    known_elsewhere = _all_simplified()
    for folder in folders:
        _update_one(folder, {}, known_elsewhere, traditional)


def _update_one(
    folder: Path, new: po.Translations, elsewhere: po.Translations, traditional: Traditional
) -> None:
    texts = texts_of(folder, ROOT)
    path = catalogue_of(folder, "zh_Hans")
    if not texts and not path.exists():
        return
    own = po.translations_in(po.read(path, "zh_Hans"))
    simplified = {
        key: string for key in texts if (string := new.get(key) or own.get(key) or elsewhere.get(key, ""))
    }
    changed = po.write(path, po.render(texts, simplified, "zh_Hans"))
    derived = po.render(texts, traditional.translations(simplified), "zh_Hant")
    changed |= po.write(catalogue_of(folder, "zh_Hant"), derived)
    waiting = len(texts) - len(simplified)
    if changed or waiting:
        print(f"{folder.name}: {len(texts)} texts, {waiting} wait for a translation")


def _all_simplified() -> po.Translations:
    """What is translated anywhere: the same words in the same context are the same in all capabilities."""
    found: po.Translations = {}
    for folder in capabilities([]):
        catalog = po.read(catalogue_of(folder, "zh_Hans"), "zh_Hans")
        for key, string in po.translations_in(catalog).items():
            found.setdefault(key, string)
    return found


def missing(folders: list[Path]) -> None:
    waiting: dict[str, str] = {}
    for folder in folders:
        done = po.translations_in(po.read(catalogue_of(folder, "zh_Hans"), "zh_Hans"))
        for context, singular in texts_of(folder, ROOT).keys() - done.keys():
            waiting[f"{context}|{singular}" if context else singular] = ""
    print(json.dumps(dict(sorted(waiting.items())), ensure_ascii=False, indent=1))


def fill(folder: Path, source: Path) -> None:
    try:
        given = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WrongWords(f"{source}: {problem}") from problem
    texts = texts_of(folder, ROOT)
    labels = {f"{c}|{s}" if c else s: (c, s) for c, s in texts}
    unknown = [label for label in given if label not in labels]
    if unknown:
        raise WrongWords(f"{folder.name} says nowhere: {unknown[:5]}")
    new = {labels[label]: string for label, string in given.items() if string}
    _update_one(folder, new, {}, Traditional())


def compile_all(folders: list[Path]) -> None:
    for folder in folders:
        for language in SOURCE_LANGUAGES:
            path = catalogue_of(folder, language)
            compiled = path.with_suffix(".mo")
            if not path.exists():
                compiled.unlink(missing_ok=True)
            elif not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime:
                # Written beside and renamed: a server that starts meanwhile must not read half a catalogue.
                fresh = compiled.with_suffix(".mo.new")
                with fresh.open("wb") as file:
                    write_mo(file, po.read(path, language))
                fresh.replace(compiled)


def check(folders: list[Path]) -> int:
    traditional = Traditional()
    faults = [fault for folder in folders for fault in faults_of(folder, traditional)]
    faults += contradictions(capabilities([]))
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults in the translations", file=sys.stderr)
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="messages.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=("update", "missing", "fill", "compile", "check"))
    parser.add_argument("names", nargs="*", metavar="CAPABILITY")
    options = parser.parse_args()
    try:
        if options.act == "fill":
            if len(options.names) != 2:
                parser.error("fill needs a capability and a JSON file")
            (folder,) = capabilities(options.names[:1])
            fill(folder, Path(options.names[1]))
            return 0
        folders = capabilities(options.names)
        if options.act == "check":
            return check(folders)
        {"update": update, "missing": missing, "compile": compile_all}[options.act](folders)
    except (UnknownCapability, UnreadableSource, po.UnreadableCatalogue, WrongWords) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
