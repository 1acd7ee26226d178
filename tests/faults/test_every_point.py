"""Every passage of every fault point fails once on the way of a case; what came of it is always the same."""

from __future__ import annotations

import pytest

from tests import cast
from tests.consistency.journey import Journey
from tests.outside import mail_server, send_as_company
from tightrope.cases.tests import factories
from tightrope.config.verify import differences
from tightrope.core import clock, faults

pytestmark = pytest.mark.django_db(transaction=True)
MOST_PASSAGES = 200


@pytest.fixture
def outside(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    with mail_server() as server:
        send_as_company(settings, server)
        yield server
    faults.disarm()


@pytest.mark.timeout(1200)
def test_no_failed_step_loses_doubles_or_contradicts(outside, capsys):
    factories.policies()
    cast.roles()
    smooth = Journey("smooth", outside)
    smooth.go()
    wanted = smooth.outcome()
    letters = len(smooth.letters())
    failed: dict[str, int] = {}
    wrong: list[str] = []
    again = 0

    for point in sorted(faults.POINTS):
        failed[point] = 0
        for passage in range(1, MOST_PASSAGES):
            journey = Journey(f"{point.replace('.', '-')}-{passage}", outside)
            faults.arm(point, str(passage))
            journey.go()
            if point in faults._armed:
                faults.disarm()
                break  # the journey does not pass it so often
            failed[point] += 1
            again += len(journey.letters()) - letters
            if journey.outcome() != wanted:
                wrong.append(f"{point} at passage {passage}: {journey.outcome()}")

    with capsys.disabled():
        print(
            f"\n{len(failed)} fault points, {sum(failed.values())} failed steps: {failed}; "
            f"{again} letters came again under the same Message-ID"
        )
    assert wrong == [], f"expected {wanted}"
    assert [point for point, times in failed.items() if times == 0] == []
    with clock.standing_at(cast.NOW):
        assert differences() == []
