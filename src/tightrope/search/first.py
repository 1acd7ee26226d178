"""The first that fit, of every kind at once, from two prepared statements.

The first statement looks at a little of everything. It finds what fits among the newest documents of each
kind, and in how many of some hundred documents of all ages the words stand. That tells how
common they are. If they are rare, the second statement asks the indexes. If they are common, it goes back in time
until enough is found, which costs the same however many fit; an index would read them all. Several words are weighed
by a statement of their own, and only the rarest is looked for in the index. What still is not settled
then (a kind of many documents that has hardly any of a word that is common elsewhere) is left to `search.ways`.

The statements are planned once for all words, and so leave the planner no choice.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from tightrope.core.prepared import Given, Prepared
from tightrope.search.ways import Candidate
from tightrope.search.words import Question

WORDS, PIECE = 1, 2
"""Ways of fitting, as candidates and page marks number them; what is asked for by its code comes before them."""
NEWEST = 300
"""So many of the newest documents of each kind are looked at in any case."""
APART, MOST_PLACES, AT_A_PLACE = 20_000, 60, 10
"""Once in so many documents of all ages, but at no more than so many places, so many are looked at for the words. The
fewer documents there are, the less an index can hand out, and the less needs to be known."""
MOST_WALKED = 6_000
"""So many documents of a kind are gone back at the most, 4 ms; a kind with fewer is then known whole."""
FARTHEST_WALKED = 30_000
"""The same for several words that are all common: to find by their indexes what has them all takes ten times as long."""
WALKED_FOR_ONE = 2
"""So many documents can be walked past while an index fetches one, measured at a million."""


Firsts = dict[str, list[Candidate]]
"""Candidates of each kind in their order, at most as many as were asked for; fewer are all there are. A kind that could
not be settled is missing."""


@dataclass(slots=True)
class _Looked:
    """What the first statement saw among the newest documents of one kind."""

    newest: int
    """How many there were; fewer than `NEWEST` are all it has."""
    fitting: list[Candidate] = field(default_factory=list)

    def of_way(self, way: int) -> list[Candidate]:
        return [one for one in self.fitting if one.way == way]


@dataclass(frozen=True, slots=True)
class _Spread:
    """In how many of some documents of all ages the words stand, and about how many documents there are."""

    standing: int
    looked_at: int
    documents: int


def first_of(question: Question, kinds: Collection[str], *, size: int) -> Firsts:
    """The first `size` candidates of each kind. Kinds that are missing have to be asked by themselves."""
    asked = {
        "code": question.code or None,
        "words": question.all_words or None,
        "better": _either(question.code, question.all_words),
        "piece": question.like or None,
    }
    looked, spread = _look(asked, kinds, size)
    firsts: Firsts = {}
    lacking: dict[str, _Looked] = {}
    for kind, one in looked.items():
        # The newest with the words are known, but not whether an older one was asked for by its code.
        if one.newest < NEWEST or (not question.code and len(one.of_way(WORDS)) >= size):
            firsts[kind] = one.fitting
        else:
            lacking[kind] = one
    if lacking:
        rarest, most_walked = _tactics(question, spread, lacking.values(), size)
        asked["index"] = _either(question.code, rarest)
        _look_further(firsts, asked, lacking, size, most_walked)
    return firsts


def _either(code: str, words: str) -> str | None:
    return " | ".join(f"({one})" for one in (code, words) if one) or None


def _look(
    asked: dict[str, str | None], kinds: Collection[str], size: int
) -> tuple[dict[str, _Looked], _Spread]:
    """What the first look sees of each kind, and of all ages."""
    first_look = _statement(
        _FIRST_LOOK, size=size, newest=NEWEST, apart=APART, places=MOST_PLACES, at_a_place=AT_A_PLACE
    )
    looked: dict[str, _Looked] = {}
    spread = _Spread(0, 0, 0)
    for kind, newest, standing, looked_at, documents, way, *fit in first_look.rows(
        **asked, kinds=list(kinds)
    ):
        spread = _Spread(standing, looked_at, documents or 0)
        one = looked.setdefault(kind, _Looked(newest))
        if way is not None:
            one.fitting.append(Candidate(way, fit[0], kind, fit[1], fit[2]))
    return looked, spread


def _look_further(
    firsts: Firsts, asked: dict[str, str | None], lacking: dict[str, _Looked], size: int, most_walked: int
) -> None:
    """Settle the kinds that the first look left lacking, as far as one statement can: by the indexes, or by going so
    many documents back in time."""
    # A piece that stands in many texts is left to the plain way, which goes back in time.
    is_piece_common = any(one.of_way(PIECE) for one in lacking.values())
    if most_walked:
        rows = _statement(_BACK_IN_TIME, size=size, most=most_walked).rows(**asked, kinds=list(lacking))
        is_piece_common = False
    else:
        piece = None if is_piece_common else asked["piece"]
        rows = _statement(_BY_INDEX, size=size).rows(**asked | {"piece": piece}, kinds=list(lacking))
    better: dict[str, list[Candidate]] = {kind: [] for kind in lacking}
    pieces: dict[str, list[Candidate]] = {}
    for kind, way, document, object_id, at in rows:
        of_kind = better[kind] if way < PIECE else pieces.setdefault(kind, [])
        if document is not None:
            of_kind.append(Candidate(way, document, kind, object_id, at))
    for kind, one in lacking.items():
        found = better[kind]
        if kind in pieces:  # All that fits in a better way is known.
            found += one.of_way(PIECE) if is_piece_common else pieces[kind]
        if len(found) >= size or (kind in pieces and not is_piece_common):
            firsts[kind] = found[:size]


def _tactics(question: Question, spread: _Spread, seen: Collection[_Looked], size: int) -> tuple[str, int]:
    """By which of its words an index is asked, and how far to go back in time at the most: not at all where an index
    hands out all that fit sooner than enough is found."""
    newly, newest = sum(len(one.of_way(WORDS)) for one in seen), sum(one.newest for one in seen)
    tried = spread.looked_at + newest
    share = max(
        spread.standing / max(spread.looked_at, NEWEST),  # one among a few tells little
        (spread.standing + newly) / tried,
    )
    if share and size / share < WALKED_FOR_ONE * share * spread.documents:
        return question.all_words, MOST_WALKED
    if len(question.clauses) < 2:
        return question.all_words, 0
    weigh = _statement(_WEIGH, apart=APART, places=MOST_PLACES, at_a_place=AT_A_PLACE)
    standing, looked_at, rarest = min(weigh.rows(clauses=question.clauses))
    by_index = WALKED_FOR_ONE * standing / max(looked_at, NEWEST) * spread.documents
    if size / max(share, 1 / tried) >= by_index:  # what none of them has, the next may have
        return rarest, 0
    return rarest, FARTHEST_WALKED if by_index > FARTHEST_WALKED else MOST_WALKED


_FIRST_LOOK = """
WITH newest AS MATERIALIZED (
  SELECT wanted.kind, document.id, document.object_id, document.at, CASE
    WHEN tsv @@ :code::tsquery THEN 0 WHEN tsv @@ :words::tsquery THEN 1 WHEN text LIKE :piece THEN 2 END AS way
  FROM unnest(:kinds::text[]) AS wanted (kind), LATERAL (
    SELECT * FROM search_document WHERE kind = wanted.kind ORDER BY at DESC, id DESC LIMIT {newest}
  ) document
), known AS MATERIALIZED (
  SELECT max(id) AS last, greatest({apart}, max(id) / {places}) AS apart FROM search_document
), spread AS MATERIALIZED (
  SELECT count(*) FILTER (WHERE tsv @@ :words::tsquery) AS standing, count(*) AS looked_at
  FROM known, generate_series(0, known.last, known.apart) AS place, LATERAL (
    SELECT tsv FROM search_document WHERE id > place ORDER BY id LIMIT {at_a_place}
  ) document
)
SELECT wanted.kind, (SELECT count(*) FROM newest WHERE kind = wanted.kind), spread.*, known.last, fit.*
FROM known, spread, unnest(:kinds::text[]) AS wanted (kind) LEFT JOIN LATERAL (
  SELECT way, id, object_id, at FROM newest WHERE kind = wanted.kind AND way IS NOT NULL
  ORDER BY way, at DESC, id DESC LIMIT {size}
) fit ON TRUE ORDER BY way, at DESC, id DESC
"""
"""At least one row for each kind: how many newest it has, in how many of how many documents of all ages the words stand,
about how many documents there are, and one of the newest that fit."""


_WEIGH = """
WITH known AS MATERIALIZED (
  SELECT max(id) AS last, greatest({apart}, max(id) / {places}) AS apart FROM search_document
), spread AS MATERIALIZED (
  SELECT document.tsv FROM known, generate_series(0, known.last, known.apart) AS place, LATERAL (
    SELECT tsv FROM search_document WHERE id > place ORDER BY id LIMIT {at_a_place}
  ) document
)
SELECT (SELECT count(*) FROM spread WHERE tsv @@ clause::tsquery), (SELECT count(*) FROM spread), clause
FROM unnest(:clauses::text[]) AS clause
"""
"""In how many of how many documents of all ages each of several words stands."""


_BY_INDEX = """
WITH fitting AS MATERIALIZED (
  SELECT kind, CASE WHEN tsv @@ :code::tsquery THEN 0 ELSE 1 END AS way, id, object_id, at FROM search_document
  WHERE tsv @@ :index::tsquery AND (tsv @@ :better::tsquery) IS TRUE AND kind = ANY(:kinds)
), better AS MATERIALIZED (
  SELECT wanted.kind, fit.* FROM unnest(:kinds::text[]) AS wanted (kind), LATERAL (
    SELECT way, id, object_id, at FROM fitting WHERE kind = wanted.kind ORDER BY way, at DESC, id DESC LIMIT {size}
  ) fit
), lacking AS MATERIALIZED (
  SELECT kind FROM unnest(:kinds::text[]) AS wanted (kind)
  WHERE (SELECT count(*) FROM better WHERE kind = wanted.kind) < {size}
), pieces AS MATERIALIZED (
  SELECT kind, id, object_id, at FROM search_document WHERE text LIKE :piece AND (tsv @@ :better::tsquery) IS NOT TRUE
    AND kind = ANY(ARRAY(SELECT kind FROM lacking)) AND EXISTS (SELECT FROM lacking)
)
SELECT * FROM better
UNION ALL
SELECT lacking.kind, 2, fit.* FROM lacking LEFT JOIN LATERAL (
  SELECT id, object_id, at FROM pieces WHERE kind = lacking.kind ORDER BY at DESC, id DESC LIMIT {size}
) fit ON TRUE
ORDER BY way, at DESC, id DESC
"""
"""What is rare: codes and words by their index, and the piece of text by its own where these find too little. A kind
that was asked for its pieces has at least one row of them. Of several words the index is asked for the rarest only, and
`IS TRUE` keeps the others from it: it would put together every document of each before it compares."""


_BACK_IN_TIME = """
WITH coded AS MATERIALIZED (
  SELECT kind, id, object_id, at FROM search_document WHERE tsv @@ :code::tsquery AND kind = ANY(:kinds)
), better AS MATERIALIZED (
  SELECT wanted.kind, fit.* FROM unnest(:kinds::text[]) AS wanted (kind), LATERAL (
    (SELECT 0 AS way, id, object_id, at FROM coded WHERE kind = wanted.kind ORDER BY at DESC, id DESC LIMIT {size})
    UNION ALL
    (SELECT 1, id, object_id, at FROM (
      SELECT * FROM search_document WHERE kind = wanted.kind ORDER BY at DESC, id DESC LIMIT {most}
    ) newest WHERE tsv @@ :words::tsquery AND (tsv @@ :code::tsquery) IS NOT TRUE
    ORDER BY at DESC, id DESC LIMIT {size})
  ) fit
), lacking AS MATERIALIZED (
  SELECT kind FROM unnest(:kinds::text[]) AS wanted (kind)
  WHERE (SELECT count(*) FROM better WHERE kind = wanted.kind) < {size}
    AND NOT EXISTS (SELECT FROM search_document WHERE kind = wanted.kind OFFSET {most})
)
SELECT * FROM better
UNION ALL
SELECT lacking.kind, 2, fit.* FROM lacking LEFT JOIN LATERAL (
  SELECT id, object_id, at FROM (
    SELECT * FROM search_document WHERE kind = lacking.kind ORDER BY at DESC, id DESC LIMIT {most}
  ) newest WHERE text LIKE :piece AND (tsv @@ :better::tsquery) IS NOT TRUE
  ORDER BY at DESC, id DESC LIMIT {size}
) fit ON TRUE
ORDER BY way, at DESC, id DESC
"""
"""What is common: codes by their index, the words back in time until enough is found, and the piece of text in kinds
that are then known whole. Such a kind has at least one row of pieces."""


@cache
def _statement(text: str, **limits: int) -> Prepared:
    """The statement with these limits in it, and with `:name` for each value. A value that is not asked for is null,
    and nothing fits it."""
    named = re.compile(r"(?<!:):(\w+)")
    written = text.format(**limits)
    return Prepared(named.sub("%s", written), [Given(name) for name in named.findall(written)])


__all__ = ["Firsts", "first_of"]
