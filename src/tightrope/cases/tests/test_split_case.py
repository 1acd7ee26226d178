"""Two matters in one case, and one problem behind several."""

from datetime import timedelta

import pytest
from tests import cast

from tightrope.cases import actions, queries
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.config import verify
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers.queries import actor_of_contact
from tightrope.files import actions as files
from tightrope.files.queries import attachments_of, content_of
from tightrope.people.access import Denied
from tightrope.promises.models import Promise, What
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _policies():
    factories.policies()


@pytest.fixture
def gang():
    return cast.actor(cast.chen_gang())


@pytest.fixture
def two_matters():
    """A leak, and half an hour later a question about the invoice, with a file."""
    case = factories.case()
    spoke = cast.NOW + timedelta(minutes=30)
    wang = actor_of_contact(factories.wang_lei())
    note = files.store_file(
        "发票 8812".encode(), name="发票.txt", account_id=case.account_id, by=wang, at=spoke
    )
    word = channels.post_message(
        case.conversation, text="另外，10 月的发票抬头写错了。", author=wang, direction="in", channel="web",
        attachments=[note], at=spoke,
    )  # fmt: skip
    return actions.hear_from_customer(case, message=word, by=wang, at=spoke), word


def split(case, *words, by, title="发票抬头写错", category=None):
    return actions.split_case(case, words, title=title, category=category, by=by, at=LATER)


def test_the_second_case_begins_with_the_chosen_words_and_both_name_each_other(two_matters, gang):
    case, word = two_matters

    second = split(case, word, by=gang)

    assert second.number != case.number
    assert second.split_from == case
    assert (second.account, second.contact, second.status) == (case.account, case.contact, "received")
    assert [turn.message.text for turn in queries.conversation_of(second, by=gang)] == [word.text]
    assert len(queries.words_of_customer(case)) == 2
    for one in (case, second):
        [told] = [e for e in events_of("case", one.pk, by=SYSTEM, limit=20)[0] if e.kind == "case.split"]
        assert (told.facts["first"], told.facts["second"]) == (case.number, second.number)
    assert queries.relatives_of(case, by=gang) == [second]
    assert queries.relatives_of(second, by=gang) == [case]


def test_its_clocks_count_from_when_the_customer_spoke(two_matters, gang):
    case, word = two_matters

    second = split(case, word, by=gang)

    first_response = Promise.objects.get(subject_id=second.pk, what=What.FIRST_RESPONSE)
    assert first_response.starts_at == second.told_at == word.at
    assert verify.differences() == []


def test_what_was_enclosed_can_be_read_in_both(two_matters, gang):
    case, word = two_matters

    second = split(case, word, by=gang)

    copy = Message.objects.get(conversation_id=second.conversation_id)
    [original] = attachments_of("message", [word.pk])[word.pk]
    [copied] = attachments_of("message", [copy.pk])[copy.pk]
    assert content_of(copied) == content_of(original)
    assert copied.is_public
    assert copy.facts["copied_from"] == word.pk


def test_the_copy_knows_its_pictures_and_what_of_it_could_not_be_kept(two_matters, gang):
    case, word = two_matters
    [note] = attachments_of("message", [word.pk])[word.pk]
    refused = {"name": "x.exe", "cid": "", "left_out": "not-allowed"}
    word.html = '<p>E3 <img src="cid:board"></p>'
    word.facts = {"files": [{"name": "板.png", "cid": "board", "attachment": note.pk}, refused]}
    word.save()

    second = split(case, word, by=gang)

    copy = Message.objects.get(conversation_id=second.conversation_id)
    [copied] = attachments_of("message", [copy.pk])[copy.pk]
    assert copy.facts["files"] == [{"name": "板.png", "cid": "board", "attachment": copied.pk}, refused]
    assert copy.left_out == [refused]


def test_the_customer_is_told_the_second_number(two_matters, gang):
    case, word = two_matters
    with clock.standing_at(cast.NOW):
        jobs.run_due()

    second = split(case, word, by=gang)
    with clock.standing_at(LATER):
        jobs.run_due()

    letter = Message.objects.get(conversation_id=second.conversation_id, direction="out")
    assert second.number in letter.text
    assert not Message.objects.filter(
        conversation_id=case.conversation_id, text__contains=second.number
    ).exists()


def test_it_is_filed_and_given_to_the_team_of_its_category(two_matters, gang):
    case, word = two_matters
    invoices = factories.category("contract", team=cast.team("experts"))

    second = split(case, word, by=gang, category=invoices)

    assert (second.category, second.team) == (invoices, cast.team("experts"))


def test_nothing_is_split_without_words_or_with_words_of_others(two_matters, gang):
    case, word = two_matters
    other = factories.case(title="别的")
    answer = actions.send_reply(case, text="好的", by=gang, at=LATER)

    for words in ([], [answer], queries.words_of_customer(other)):
        with pytest.raises(actions.NothingToSplit):
            split(case, *words, by=gang)
    with pytest.raises(actions.NoTitle):
        split(case, word, by=gang, title=" ")
    with pytest.raises(Denied):
        split(case, word, by=cast.actor(cast.ola()))
    assert Case.objects.count() == 2


def test_the_page_offers_the_words_and_opens_one_case_however_often_it_is_sent(two_matters, client):
    case, word = two_matters
    client.force_login(cast.chen_gang())
    url = f"/cases/{case.public_id}/split/"

    with clock.standing_at(LATER):
        asked = client.get(url).content.decode()
        facts = {"words": [word.pk], "title": "发票抬头写错", "form_token": "once"}
        sent = client.post(url, facts)
        client.post(url, facts)
        refused = client.post(url, {"title": "x", "form_token": "two"})
        page = client.get(f"/cases/{case.public_id}/").content.decode()

    assert "10 月的发票" in asked
    assert sent.status_code == 303
    assert refused.status_code == 422
    assert Case.objects.filter(split_from=case).count() == 1
    assert Case.objects.get(split_from=case).number in page
