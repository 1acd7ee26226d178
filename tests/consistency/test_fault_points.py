"""Three places where a crash would hurt most, each failed once; `make faults` fails every passage of every place."""

from __future__ import annotations

import pytest

from tests import cast
from tests.consistency.journey import Journey
from tests.outside import Outside, mail_server, send_as_company
from tightrope.cases.tests import factories
from tightrope.config.verify import differences
from tightrope.core import clock, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def outside(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    with mail_server() as server:
        send_as_company(settings, server)
        yield server
    faults.disarm()


def test_a_fault_before_a_commit_or_after_an_effect_changes_nothing_that_is_seen(outside: Outside):
    factories.policies()
    cast.roles()
    smooth = Journey("smooth", outside)
    smooth.go()
    wanted = smooth.outcome()
    assert wanted["case"] == ("closed", True, 0)
    assert ("resolution", "customer", "missed") in wanted["promises"]

    for number, point in enumerate(("timeline.recorded", "mail.sent", "job.after")):
        broken = Journey(f"broken{number}", outside)
        faults.arm(point)
        broken.go()

        assert point not in faults._armed, f"{point} was never passed"
        assert broken.outcome() == wanted, point
    with clock.standing_at(cast.NOW):
        assert differences() == []
