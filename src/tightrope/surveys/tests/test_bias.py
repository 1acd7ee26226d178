"""Who answers and who does not equals a count by hand, and a difference is named only when it is one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories as case_factories
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.people.models import User
from tightrope.promises.models import Promise, PromiseKind
from tightrope.surveys import bias
from tightrope.surveys.models import Survey
from tightrope.surveys.tests import factories

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=1)


def ask(count: int, scores: list[int], case: Case) -> None:
    """So many were asked about the case, and these scores came."""
    for place in range(count):
        score = scores[place] if place < len(scores) else None
        contact = factories.colleague(f"{case.pk} {place}", f"c{case.pk}.{place}@hengtong.example")
        Survey.objects.create(
            case=case,
            contact=contact,
            asked_at=cast.NOW,
            score=score,
            answered_at=cast.NOW if score else None,
        )


def found() -> bias.Answering:
    return bias.answering(by=SYSTEM, since=cast.NOW - timedelta(days=90), until=LATER)


def groups(title: int) -> dict[str, bias.Group]:
    return {group.name: group for group in found().groups[title][1]}


@pytest.fixture
def _asked():
    good = factories.solved(category=case_factories.category("leak"))
    bad = factories.solved(category=case_factories.category("noise"))
    Case.objects.filter(pk=bad.pk).update(reopenings=1)
    ask(20, [5] * 14 + [4] * 2, good)
    ask(20, [1] * 4 + [5], bad)


@pytest.mark.usefixtures("_asked")
def test_each_group_is_counted_and_the_silent_one_named():
    leak, noise = groups(1)["leak"], groups(1)["noise"]

    assert (leak.answered.part, leak.answered.of, leak.satisfied.part) == (16, 20, 16)
    assert (noise.answered.part, noise.answered.of, noise.satisfied.part) == (5, 20, 1)
    assert (leak.leans, noise.leans) == ("more", "less")


@pytest.mark.usefixtures("_asked")
def test_weighed_by_outcome_those_count_who_were_silent_too():
    answering = found()

    assert answering.satisfied.value == pytest.approx(17 / 21)
    assert answering.weighed == pytest.approx(0.5 * 1.0 + 0.5 * 0.2)


def test_of_too_few_neither_a_rate_nor_a_difference_is_shown():
    ask(4, [5], factories.solved())

    [group] = found().groups[0][1]

    assert not group.is_shown
    assert group.leans == ""
    assert found().weighed is None


def test_a_missed_promise_is_an_outcome_of_its_own():
    case_factories.policies()
    case = factories.solved()
    Promise.objects.filter(subject_id=case.pk, kind=PromiseKind.CUSTOMER).update(
        state="missed", missed_at=cast.NOW, is_beaten=False
    )
    ask(5, [], case)

    assert set(groups(0)) == {str(bias.OUTCOMES[bias.MISSED])}


@pytest.mark.usefixtures("_asked")
def test_the_page_costs_few_statements_and_is_reached_from_the_answers(client, django_assert_max_num_queries):
    client.force_login(cast.gu_wei(), backend="django.contrib.auth.backends.ModelBackend")

    with clock.standing_at(LATER):
        answers = client.get(reverse("surveys:list"))
        with django_assert_max_num_queries(16):
            page = client.get(reverse("surveys:answering"))

    assert reverse("surveys:answering") in answers.content.decode()
    assert page.context["found"].answered.of == 40


@pytest.mark.usefixtures("_asked")
def test_the_columns_say_in_chinese_how_many_and_what_share_not_when_and_by_whom(client):
    gu = cast.gu_wei()
    User.objects.filter(pk=gu.pk).update(language="zh-hans")
    client.force_login(gu, backend="django.contrib.auth.backends.ModelBackend")

    with clock.standing_at(LATER):
        page = client.get(reverse("surveys:answering")).content.decode()

    heads = re.findall(r"<th[^>]*>([^<]+)</th>", page)
    assert heads[:4] == ["分组", "邀请数", "评价数", "参评率"]
