from __future__ import annotations

from decimal import Decimal

import pytest
from tests import cast

from tightrope.core.actor import SYSTEM
from tightrope.people.access import Denied
from tightrope.promises import actions, defaults, explain, queries
from tightrope.promises.actions import PolicyFacts, TargetTerms
from tightrope.promises.models import Policy, PromiseKind, Target, What
from tightrope.promises.tests.factories import NOW, account, local, policy, started, target
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
FIRST = TargetTerms(what=What.FIRST_RESPONSE, kind=PromiseKind.CUSTOMER, working_seconds=3600)


def chosen(**facts):
    found = queries.policy_for(PolicyFacts(**facts))
    return found.name if found else None


def save(row=None, *, by=SYSTEM, **facts):
    usual = {"name": "紧急", "conditions": {}, "targets": [FIRST], "is_active": True, "version": 0}
    return actions.save_policy(row, by=by, at=NOW, **usual | facts)


def test_the_most_specific_policy_applies():
    policy("全部")
    policy("优先级", severity_from=1, severity_to=2)
    policy("二线", tiers=[2])
    policy("投诉", case_types=["complaint"])
    policy("电梯", category_ids=[7])
    policy("困人", category_ids=[9])
    policy("恒通", account_ids=[42])
    policy("停用", account_ids=[42], category_ids=[9], is_active=False)

    assert chosen() == "全部"
    assert chosen(severity=1) == "优先级"
    assert chosen(severity=1, tier=2) == "二线"
    assert chosen(severity=1, tier=2, case_type="complaint") == "投诉"
    assert chosen(case_type="complaint", category_ids=(7,)) == "电梯"
    assert chosen(category_ids=(9, 7)) == "困人"
    assert chosen(category_ids=(8, 7)) == "电梯"
    assert chosen(category_ids=(9, 7), account_id=42) == "恒通"


def test_of_two_equal_ones_the_older_wins_every_time():
    policy("先", severity_from=1, severity_to=2)
    policy("后", severity_from=1, severity_to=2)

    assert {chosen(severity=1) for _ in range(5)} == {"先"}


def test_importance_counts_from_its_step_upwards():
    policy("全部")
    policy("重要", importance_from=2)

    assert chosen(importance=1) == "全部"
    assert chosen(importance=2) == "重要"
    assert chosen(importance=3) == "重要"


def test_what_the_specific_policy_is_silent_about_the_general_one_decides():
    general = policy("全部", hours=4)
    target(general, hours=40, what=What.RESOLUTION)
    policy("紧急", hours=1, severity_from=1, severity_to=1)

    targets = queries.targets_for(PolicyFacts(severity=1), [What.FIRST_RESPONSE, What.RESOLUTION])

    assert {t.what: (t.policy.name, t.working_seconds) for t in targets} == {
        What.FIRST_RESPONSE: ("紧急", 3600),
        What.RESOLUTION: ("全部", 144_000),
    }


def test_a_fresh_installation_promises_something_to_every_case_and_installs_once():
    defaults.install(by=SYSTEM, at=NOW)
    before = Policy.objects.count()
    defaults.install(by=SYSTEM, at=NOW)

    assert Policy.objects.count() == before
    for severity, hours in ((1, 1), (2, 1), (3, 2), (4, 4), (5, 4)):
        [first] = [
            t for t in queries.targets_for(PolicyFacts(severity=severity), [What.FIRST_RESPONSE])
            if t.kind == PromiseKind.CUSTOMER
        ]  # fmt: skip
        assert first.working_seconds == hours * 3600
    complaint = queries.targets_for(PolicyFacts(case_type="complaint"), [What.FIRST_RESPONSE])
    assert {(t.kind, t.working_seconds) for t in complaint} == {("customer", 1800), ("internal", 900)}
    for what in (What.NEXT_RESPONSE, What.HAND_OVER, What.FOLLOW_UP):
        assert queries.targets_for(PolicyFacts(), [what])


def test_changing_a_policy_leaves_what_was_promised():
    row = save()
    [promise] = started(account())

    changed = save(
        row,
        targets=[TargetTerms(what=What.FIRST_RESPONSE, kind=PromiseKind.CUSTOMER, working_seconds=60)],
        version=1,
    )

    due_at = promise.due_at
    promise.refresh_from_db()
    assert changed.version == 2
    assert promise.due_at == due_at
    assert promise.policy_version == 1


def test_saving_what_is_already_so_makes_no_version():
    row = save()

    assert save(row, version=1).version == 1


def test_the_event_names_what_changed():
    row = save()
    save(row, conditions={"severity_to": 2}, version=1)

    event = events_of("policy", row.pk, by=SYSTEM)[0][0]

    assert event.kind == "policy.changed"
    assert event.facts["changes"] == {"severity_to": ["5", "2"]}
    assert not event.is_public


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": " "}, "name"),
        ({"targets": []}, "at least one"),
        ({"targets": [FIRST, FIRST]}, "twice"),
        ({"conditions": {"severity_from": 4, "severity_to": 2}}, "priority"),
        (
            {"targets": [TargetTerms(what=What.WORD, kind=PromiseKind.CUSTOMER, working_seconds=0)]},
            "working time",
        ),
    ],
)
def test_a_policy_without_sense_is_refused_by_name(facts, said):
    with pytest.raises(actions.BadPolicy, match=said):
        save(**facts)
    assert not Policy.objects.exists()


def test_two_policies_have_two_names_and_an_older_reading_is_told():
    row = save()

    with pytest.raises(actions.BadPolicy, match="already"):
        save()
    with pytest.raises(actions.ChangedMeanwhile):
        save(row, version=7)


def test_only_who_may_configure_writes_policies():
    with pytest.raises(Denied):
        save(by=cast.actor(cast.chen_gang()))
    save(by=cast.actor(cast.gu_wei()))


def test_trying_says_what_would_be_promised_and_why():
    defaults.install(by=SYSTEM, at=NOW)

    expected, judged = explain.tried(PolicyFacts(severity=1), told_at=local("2026-11-18 17:30"))

    first = next(
        one for one in expected if one.target.what == What.FIRST_RESPONSE and one.target.kind == "customer"
    )
    assert first.due_at == local("2026-11-19 09:30")
    urgent = next(one for one in judged if one.gives == 4)
    assert urgent.fits
    assert urgent.policy == first.target.policy
    assert [one.fits for one in judged] == sorted((one.fits for one in judged), reverse=True)


def test_the_database_refuses_a_target_without_time():
    row = save()

    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="promises_target_has_time"), transaction.atomic():
        Target.objects.create(
            policy=row, what=What.WORD, kind="customer", working_seconds=0, beaten_share=Decimal("0.1")
        )
