"""Pieces that capabilities add to pages of others, in the order in which they are shown.

Each entry is the dotted name of a function in some `panels.py`: `panel(subject, by, at) -> Panel | None`.
"""

PANELS: dict[str, list[str]] = {
    "account": [
        "tightrope.cases.panels.to_confirm_of_account",
        "tightrope.promises.panels.ahead",
        "tightrope.cases.panels.of_account",
        "tightrope.surveys.panels.said",
    ],
    "case": [
        "tightrope.cases.panels.to_confirm",
        "tightrope.promises.panels.ahead",
        "tightrope.surveys.panels.said",
    ],
    "start": [],
}
