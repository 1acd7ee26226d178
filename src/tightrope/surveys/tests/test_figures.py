"""Figures that say how sure they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.surveys import actions, queries
from tightrope.surveys.tests import factories

PERIOD = {"since": cast.NOW - timedelta(days=1), "until": cast.NOW + timedelta(days=1)}


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_within_nought_and_one(part, more):
    low, high = queries.wilson(part, part + more)

    assert 0 <= low <= high <= 1
    if part + more:
        assert low - 1e-12 <= part / (part + more) <= high + 1e-12


def test_the_interval_is_the_textbook_one():
    low, high = queries.wilson(8, 10)

    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@pytest.mark.django_db
def test_silence_is_no_opinion_but_counts_among_the_asked():
    for score in (5, 4, 2):
        factories.rated(score)
    actions.ask_in_portal(factories.solved(), by=SYSTEM, at=cast.NOW)

    figures = queries.figures(**PERIOD)

    assert figures.asked == 4
    assert figures.satisfied.value == pytest.approx(2 / 3)
    assert figures.response_rate == pytest.approx(3 / 4)


@pytest.mark.django_db
def test_net_promoters_are_promoters_less_detractors_with_their_number():
    for number, score in enumerate((10, 9, 8, 3)):
        contact = factories.colleague(f"同事{number}", f"c{number}@hengtong.example")
        survey = factories.rated(5, contact=contact)
        actions.recommend(survey, score=score, comment="", by=survey.actor(), at=cast.NOW)

    figures = queries.figures(**PERIOD)

    assert figures.nps == pytest.approx(25)
    assert figures.nps_answers == 4
    assert figures.nps_interval is not None
    assert figures.nps_interval[0] < 25 < figures.nps_interval[1]


@pytest.mark.django_db
def test_nothing_said_is_no_figure():
    figures = queries.figures(**PERIOD)

    assert figures.satisfied.value is None
    assert figures.response_rate is None
    assert figures.nps is None
