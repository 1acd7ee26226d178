"""What may be forgotten: chances that equal counting all cases, keystones, whom to train."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightrope.planning.errors import BadProblem
from tightrope.planning.turnover.careers import careers
from tightrope.planning.turnover.knowledge import Knower, chances_left, knowledge_at_risk
from tightrope.planning.turnover.leaving import fit_leaving

LASER, PUMP = ("laser", "X200"), ("pump", "X200")


def hazard():
    rng = np.random.default_rng(1)
    return fit_leaving(careers(40 * rng.weibull(0.7, 300), left=np.ones(300, bool)))


def team():
    return [
        Knower("吴强", 60.0, frozenset({LASER, PUMP})),
        Knower("陈静", 2.0, frozenset({LASER})),
        Knower("林涛", 30.0, frozenset({PUMP})),
        Knower("赵敏", 90.0, frozenset()),
    ]


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=7))
def test_chances_left_equal_counting_all_cases(stays):
    law = chances_left(np.array(stays))

    counted = np.zeros(len(stays) + 1)
    for case in itertools.product((0, 1), repeat=len(stays)):
        counted[sum(case)] += np.prod([p if here else 1 - p for p, here in zip(stays, case, strict=True)])
    np.testing.assert_allclose(law, counted, atol=1e-12)


def test_nobody_knows_it_when_all_who_did_have_left():
    rates = hazard()

    rows = {row.know: row for row in knowledge_at_risk(team(), rates)}

    gone = [1 - float(rates.stays(t, 12)) for t in (60, 2)]
    laser = rows[LASER]
    assert laser.bus_factor == 2
    assert laser.nobody == pytest.approx(gone[0] * gone[1])
    assert laser.lower < laser.nobody < laser.upper
    assert laser.remaining == pytest.approx(2 - sum(gone))
    assert laser.keystone == "吴强"
    assert laser.nobody_without == pytest.approx(gone[1])
    assert laser.train == "赵敏"
    assert laser.nobody_after < laser.nobody


def test_needing_two_is_riskier_than_needing_one():
    one = {r.know: r for r in knowledge_at_risk(team(), hazard())}
    two = {r.know: r for r in knowledge_at_risk(team(), hazard(), needed={PUMP: 2})}

    assert two[PUMP].too_few > one[PUMP].too_few
    assert two[PUMP].nobody == one[PUMP].nobody


def test_what_nobody_knows_today_comes_first():
    rows = knowledge_at_risk(team(), hazard(), needed={("optics", "Y"): 1})

    assert rows[0].know == ("optics", "Y")
    assert rows[0].bus_factor == 0
    assert rows[0].nobody == 1.0
    assert rows[0].keystone is None


def test_the_chance_is_met_by_drawing_futures():
    rates, rng = hazard(), np.random.default_rng(4)
    stays = [float(rates.stays(t, 12)) for t in (60, 30)]

    gone = (rng.random((200_000, 2)) > stays).all(axis=1).mean()

    pump = next(r for r in knowledge_at_risk(team(), rates) if r.know == PUMP)
    assert pump.nobody == pytest.approx(gone, abs=0.003)


def test_a_person_named_twice_is_refused():
    with pytest.raises(BadProblem, match="person 吴强: is named twice"):
        knowledge_at_risk([*team(), team()[0]], hazard())
