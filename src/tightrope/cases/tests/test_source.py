"""On whose instruction somebody waits or hands over stands in the event, and never in what the customer reads."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases.tests import factories
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.promises.models import Promise, Source, What
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def _newest(case, kind):
    return next(event for event in events_of("case", case.pk, by=SYSTEM)[0] if event.kind == kind)


@pytest.fixture
def case():
    factories.policies()
    return factories.case(team=cast.team("desk"))


def test_waiting_says_on_whose_instruction(client, case):
    client.force_login(cast.zhou_min(), backend=BACKEND)

    with clock.standing_at(cast.NOW + timedelta(hours=1)):
        answer = client.post(
            reverse("cases:waiting", args=[case.public_id]), {"waiting_for": "照片", "source": "superior"}
        )

    assert answer.status_code == 302 or answer.status_code == 303
    assert _newest(case, "case.waiting").facts["source"] == Source.SUPERIOR


def test_whoever_says_nothing_handed_over_by_himself(client, case):
    client.force_login(cast.chen_gang(), backend=BACKEND)
    experts = cast.team("experts", tier=2, is_department=True)

    with clock.standing_at(cast.NOW + timedelta(hours=1)):
        client.post(reverse("cases:handover", args=[case.public_id]), {"team": experts.pk, "reason": "E3"})

    assert _newest(case, "case.handed_over").facts["source"] == Source.SELF


def test_an_unknown_source_is_refused(client, case):
    client.force_login(cast.zhou_min(), backend=BACKEND)

    answer = client.post(
        reverse("cases:waiting", args=[case.public_id]), {"waiting_for": "照片", "source": "the cat"}
    )

    case.refresh_from_db()
    assert answer.status_code == 422
    assert case.waiting_since is None


def test_putting_a_promise_off_says_on_whose_instruction(client, case):
    client.force_login(cast.chen_gang(), backend=BACKEND)
    promise = Promise.objects.get(subject_type="case", subject_id=case.pk, what=What.RESOLUTION)

    with clock.standing_at(cast.NOW + timedelta(hours=1)):
        client.post(
            reverse("promises:replacement", args=[promise.public_id]),
            {"due_at": "2026-12-01T10:00", "reason": "缺件", "source": "supplier"},
        )

    assert _newest(case, "promise.replaced").facts["source"] == Source.SUPPLIER
