"""The one way in which planning refuses its input."""

from __future__ import annotations


class BadProblem(ValueError):
    """The problem cannot be planned as it was given.

    ``where`` names the thing at fault ("visit V-17", "engineer 吴强", "travel matrix row 4") and
    ``why`` says what is wrong with it; the message joins both and may be shown to a person.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why
