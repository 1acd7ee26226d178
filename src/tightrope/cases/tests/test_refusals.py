"""What the desk's acts refuse, what they leave alone, and that a refusal changes nothing."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions
from tightrope.cases.actions import configuring, viewing
from tightrope.cases.models import Case, Category
from tightrope.cases.tests import factories
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.people import actions as people
from tightrope.people.access import Denied
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db

LATER = cast.NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


@pytest.fixture
def lead():
    return cast.actor(cast.chen_gang())


@pytest.fixture
def ended(case, zhou):
    solved = actions.solve_case(case, solution=Case.Solution.ANSWER, by=zhou, at=cast.NOW)
    return actions.confirm_case(solved, by=SYSTEM, at=cast.NOW)


def as_it_was(case: Case) -> bool:
    """Whether nothing of the row has changed."""
    now = Case.objects.get(pk=case.pk)
    return (now.version, now.status, now.owner_id, now.team_id) == (
        case.version,
        case.status,
        case.owner_id,
        case.team_id,
    )


def kinds(case: Case, by) -> list[str]:
    return [event.kind for event in events_of("case", case.pk, by=by)[0]]


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda c, by: actions.hand_over_case(c, team=cast.team("lab"), reason=" ", by=by, at=LATER), actions.NoReason),
        (lambda c, by: actions.change_severity(c, impact=3, urgency=3, reason="", by=by, at=LATER), actions.NoReason),
        (lambda c, by: actions.retitle_case(c, title="  ", version=c.version, by=by, at=LATER), actions.NoReason),
        (lambda c, by: actions.retitle_case(c, title="x", version=c.version + 1, by=by, at=LATER), actions.AlreadyAccepted),
        (lambda c, by: actions.merge_cases(c, c, by=by, at=LATER), actions.MergeIntoItself),
        (lambda c, by: actions.reject_case(c, reason="", by=by, at=LATER), actions.NoReason),
        (lambda c, by: actions.reject_case(c, reason="x", outcome="solved", by=by, at=LATER), actions.NoReason),
    ],
)  # fmt: skip
def test_an_act_without_its_reason_changes_nothing(case, lead, act, refusal):
    with pytest.raises(refusal) as refused:
        act(case, lead)

    assert str(refused.value)
    assert as_it_was(case)


@pytest.mark.parametrize(
    "act",
    [
        lambda c, by: actions.assign_case(
            c, owner=cast.xu_jing(), team=None, version=c.version, by=by, at=LATER
        ),
        lambda c, by: actions.hand_over_case(c, team=cast.team("lab"), reason="查", by=by, at=LATER),
    ],
)
def test_what_has_ended_is_given_to_nobody(ended, lead, act):
    with pytest.raises(actions.NotAssignable):
        act(ended, lead)

    assert as_it_was(ended)


def test_nobody_who_left_is_given_a_case(case, lead):
    cast.administrator()
    gone = people.disable_user(cast.xu_jing(), reason="离职", by=SYSTEM, at=cast.NOW)

    with pytest.raises(actions.NotAssignable, match=gone.name):
        actions.assign_case(case, owner=gone, team=None, version=case.version, by=lead, at=LATER)

    assert as_it_was(case)


def test_whoever_accepted_a_case_meanwhile_is_not_overridden_by_an_assigner_who_did_not_see_it(lead, zhou):
    seen = factories.case()
    accepted = actions.accept_case(seen, by=zhou, at=cast.NOW)

    with pytest.raises(actions.AlreadyAccepted, match="周敏"):
        actions.assign_case(
            accepted, owner=cast.xu_jing(), team=None, version=seen.version, by=lead, at=LATER
        )

    assert as_it_was(accepted)


@pytest.mark.parametrize(
    "act",
    [
        lambda c, by: actions.assign_case(c, owner=cast.zhou_min(), team=c.team, version=-1, by=by, at=LATER),
        lambda c, by: actions.change_severity(
            c, impact=c.impact, urgency=c.urgency, reason="", by=by, at=LATER
        ),
        lambda c, by: actions.retitle_case(c, title=f" {c.title} ", version=-1, by=by, at=LATER),
        lambda c, by: actions.join_case(c, account=c.account, contact=None, by=by, at=LATER),
        lambda c, by: actions.tag_case(c, tags=[" "], by=by, at=LATER),
        lambda c, by: actions.unmake_complaint(c, reason="", by=by, at=LATER),
    ],
)
def test_what_stands_already_is_said_twice_without_a_second_event(case, lead, act):
    before = kinds(case, lead)

    act(case, lead)

    assert kinds(case, lead) == before
    assert as_it_was(case)


def test_a_case_of_one_customer_is_never_given_to_another_or_merged_with_his(case, lead):
    other = customers.open_account(name="别家", kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW)
    theirs = factories.case(
        contact=customers.add_contact(
            other,
            name="李",
            language="zh-hans",
            addresses=[("mail", "li@other.example")],
            by=SYSTEM,
            at=cast.NOW,
        )
    )

    with pytest.raises(actions.DifferentAccounts):
        actions.join_case(case, account=other, contact=None, by=lead, at=LATER)
    with pytest.raises(actions.DifferentAccounts):
        actions.merge_cases(case, theirs, by=lead, at=LATER)

    assert Case.objects.get(pk=case.pk).account_id == case.account_id


def test_a_case_is_not_merged_into_one_that_has_ended(ended, lead):
    with pytest.raises(actions.MergeIntoItself):
        actions.merge_cases(ended, factories.case(), by=lead, at=LATER)

    assert as_it_was(ended)


def test_tags_stand_once_without_spaces_and_are_told(case, zhou):
    case = actions.tag_case(case, tags=["机房", " 机房 ", "E3  漏水", ""], by=zhou, at=LATER)

    assert case.tags == ["机房", "E3 漏水"]
    told = next(event for event in events_of("case", case.pk, by=zhou)[0] if event.kind == "case.tagged")
    assert told.facts == {"before": [], "after": ["机房", "E3 漏水"]}


@pytest.mark.parametrize("tags", [[f"标签{number}" for number in range(21)], ["长" * 61]])
def test_what_is_beyond_the_tags_of_a_case_is_refused_and_not_cut(case, zhou, tags):
    with pytest.raises(actions.TooManyTags):
        actions.tag_case(case, tags=tags, by=zhou, at=LATER)

    assert as_it_was(case)


def test_filing_a_complaint_does_not_bring_it_to_the_department_it_is_about(lead):
    accused, other = cast.team("workshop"), cast.team("lab")
    complaint = actions.make_complaint(factories.case(), accused=accused, reason="态度", by=lead, at=cast.NOW)
    theirs = factories.category("workshop", team=accused)

    complaint = actions.change_category(complaint, category=theirs, reason="", by=lead, at=LATER)
    assert (complaint.category, complaint.team_id) == (theirs, None)

    elsewhere = factories.category("lab", team=other)
    complaint = actions.change_category(complaint, category=elsewhere, reason="", by=lead, at=LATER)
    assert complaint.team_id == other.pk
    for act in (
        lambda: actions.hand_over_case(complaint, team=accused, reason="x", by=lead, at=LATER),
        lambda: actions.assign_case(
            complaint, owner=None, team=accused, version=complaint.version, by=lead, at=LATER
        ),
    ):
        with pytest.raises(actions.NotAssignable):
            act()
    assert as_it_was(complaint)


def test_who_is_complained_about_does_not_take_the_complaint_himself(lead):
    zhou = cast.actor(cast.zhou_min())
    case = actions.accept_case(factories.case(), by=zhou, at=cast.NOW)
    accused = cast.team("desk")
    open_again = actions.make_complaint(case, accused=accused, reason="客服态度", by=lead, at=cast.NOW)
    fresh = actions.make_complaint(factories.case(), accused=accused, reason="", by=lead, at=cast.NOW)

    for act in (
        lambda: actions.take_over(open_again, by=zhou, at=LATER),
        lambda: actions.accept_case(fresh, by=zhou, at=LATER),
    ):
        with pytest.raises(actions.NotAssignable):
            act()
    actions.send_reply(fresh, text="请原谅。", by=cast.actor(cast.chen_gang()), at=LATER)

    assert as_it_was(open_again)
    fresh.refresh_from_db()
    assert (fresh.status, fresh.owner) == (Case.Status.ACCEPTED, None)


def test_the_accused_department_of_a_complaint_can_be_named_later_and_steps_aside(lead):
    case = actions.accept_case(factories.case(), by=cast.actor(cast.zhou_min()), at=cast.NOW)
    complaint = actions.make_complaint(case, accused=None, reason="", by=lead, at=cast.NOW)
    assert complaint.owner == cast.zhou_min()

    complaint = actions.make_complaint(
        complaint, accused=cast.team("desk"), reason="客服态度", by=lead, at=LATER
    )
    assert complaint.accused_team == cast.team("desk")
    assert complaint.owner is None
    before = kinds(complaint, lead)

    actions.make_complaint(complaint, accused=cast.team("desk"), reason="", by=lead, at=LATER)
    assert kinds(complaint, lead) == before


def test_it_takes_a_reason_to_say_that_something_is_no_complaint(lead, ended):
    complaint = actions.make_complaint(factories.case(), accused=None, reason="", by=lead, at=cast.NOW)
    with pytest.raises(actions.NoReason):
        actions.unmake_complaint(complaint, reason=" ", by=lead, at=LATER)
    complaint = actions.unmake_complaint(complaint, reason="只是询问", by=lead, at=LATER)

    assert complaint.type == Case.Type.REQUEST


def test_codes_of_the_set_up_are_nobodys_twice_and_placeholders_are_known(case):
    admin = cast.actor(cast.administrator())
    category = factories.category("taken")
    facts = {name: getattr(category, name) for name in ("names", "help", "parent", "type", "team", "impact")}
    facts |= {"urgency": 2, "form_key": "", "sort": 1, "is_open": True, "on_portal": True}

    with pytest.raises(configuring.CodeTaken):
        configuring.save_category(None, facts={**facts, "code": "taken"}, by=admin, at=LATER)
    assert Category.objects.filter(code="taken").count() == 1

    reply = {"code": "hello", "names": {"en": "Hello"}, "category": None, "team": None, "is_open": True}
    for unknown in ("weather", "case.weather", "客户"):
        text = f"{{{{ {unknown} }}}} {{{{case.number}}}}"
        with pytest.raises(configuring.UnknownPlaceholder, match=unknown):
            configuring.save_canned(None, facts={**reply, "bodies": {"en": text}}, by=admin, at=LATER)
    configuring.save_canned(None, facts={**reply, "bodies": {"en": "{{case.number}}"}}, by=admin, at=LATER)
    with pytest.raises(configuring.CodeTaken):
        configuring.save_canned(None, facts={**reply, "bodies": {"en": "x"}}, by=admin, at=LATER)


def test_a_view_is_kept_and_forgotten_by_its_owner_only(zhou, lead):
    view = viewing.save_view(name="  my   own ", query="view=mine", is_shared=True, by=zhou)

    assert view.name == "my own"
    with pytest.raises(Denied):
        viewing.remove_view(view, by=lead)
    with pytest.raises(Denied):
        viewing.save_view(name="x", query="", is_shared=False, by=SYSTEM)
    viewing.remove_view(view, by=zhou)
    assert not type(view).objects.exists()
