"""Rating a case."""

from __future__ import annotations

import pytest
from tests import cast

from tightrope.cases.tests import factories as cases
from tightrope.customers.queries import actor_of_contact
from tightrope.people.access import Denied
from tightrope.surveys import actions
from tightrope.surveys.models import Survey
from tightrope.surveys.tests import factories
from tightrope.surveys.verify import contradictions
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db


def test_a_rating_says_whose_work_it_is_about():
    survey = factories.rated(4, "不错")

    assert survey.owner == cast.zhou_min()
    assert survey.team == cast.team("desk")
    assert survey.account_id == survey.case.account_id
    assert contradictions() == []


def test_rating_again_changes_the_one_answer():
    survey = factories.rated(2)

    again = actions.rate_case(survey.case, score=4, comment="", by=survey.actor(), at=cast.NOW)

    assert again.pk == survey.pk
    assert Survey.objects.get().score == 4
    assert contradictions() == []


def test_the_same_rating_twice_happened_once():
    survey = factories.rated(4)

    actions.rate_case(survey.case, score=4, comment=" ", by=survey.actor(), at=cast.NOW)

    events, _older = events_of("case", survey.case_id, by=cast.actor(cast.zhou_min()))
    assert [event.kind for event in events].count("survey.answered") == 1


def test_what_is_not_solved_cannot_be_rated():
    case = cases.case()

    with pytest.raises(actions.NotRateable):
        actions.rate_case(case, score=5, comment="", by=actor_of_contact(case.contact), at=cast.NOW)


@pytest.mark.parametrize("score", [0, 6, -1, 100])
def test_a_score_that_was_not_offered_is_refused(score):
    case = factories.solved()

    with pytest.raises(actions.ScoreOutOfRange):
        actions.rate_case(case, score=score, comment="", by=actor_of_contact(case.contact), at=cast.NOW)


def test_nobody_rates_somebody_elses_case():
    case = factories.solved()
    other = factories.colleague("赵云", "zhao@hengtong.example")

    with pytest.raises(Denied):
        actions.rate_case(case, score=5, comment="", by=actor_of_contact(other), at=cast.NOW)
    with pytest.raises(Denied):
        actions.rate_case(case, score=5, comment="", by=cast.actor(cast.gu_wei()), at=cast.NOW)

    assert not Survey.objects.exists()
