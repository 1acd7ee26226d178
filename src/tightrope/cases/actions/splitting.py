"""Two matters in one case: the second gets a case of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions.opening import open_case
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case, Category
from tightrope.channels import actions as channels
from tightrope.channels.models import Conversation, Direction, Message
from tightrope.core.actor import Actor
from tightrope.files import actions as files
from tightrope.files import queries as files_on_record
from tightrope.files.models import Attachment


class NothingToSplit(ValueError):
    """A second case begins with words that the customer said in the first."""


@transaction.atomic
def split_case(
    case: Case, messages: Iterable[Message], *, title: str, category: Category | None, by: Actor, at: datetime
) -> Case:
    """Open a second case for what a customer also said, with copies of these words of his. Both keep their
    history and name each other; the clocks of the second count from when he spoke. He is told its number.

    Raises NothingToSplit, NoTitle, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.MERGE, case)
    words = sorted(messages, key=lambda message: (message.at, message.pk))
    if case.status in {Case.Status.MERGED, Case.Status.REJECTED}:
        raise NothingToSplit(
            _("%(number)s has ended; nothing can be split off it.") % {"number": case.number}
        )
    if not words:
        raise NothingToSplit(_("Choose at least one word of the customer."))
    if any(w.conversation_id != case.conversation_id or w.direction != Direction.IN for w in words):
        raise NothingToSplit(_("Only what the customer said in this case can begin another."))
    conversation = channels.open_conversation(account_id=case.account_id, by=by, at=at)
    for word in words:
        _copy(word, conversation, by=by, at=at)
    second = open_case(
        title=title,
        text="\n\n".join(word.text for word in words),
        channel=case.channel,
        account=case.account,
        contact=case.contact,
        category=category or case.category,
        language=case.language,
        team=(category.team if category else None) or case.team,
        told_at=words[0].at,
        conversation=conversation,
        by=by,
        at=at,
    )
    second.split_from = case
    second.save(update_fields=["split_from"])
    for one in (case, second):
        event = events.CaseSplit(first=case.number, second=second.number, words=len(words))
        record(one, event, by=by, at=at)
    return second


def _copy(word: Message, conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """The same word in the other conversation, with what was enclosed; where it came from is kept with it."""
    enclosed = {
        attachment.pk: files.store_file(
            files_on_record.content_of(attachment),
            name=attachment.name,
            account_id=word.account_id,
            by=by,
            at=at,
        )
        for attachment in files_on_record.attachments_of("message", [word.pk])[word.pk]
    }
    copy = channels.post_message(
        conversation,
        text=word.text,
        author=word.author_name,
        direction=Direction.IN,
        channel=word.channel,
        subject=word.subject,
        attachments=enclosed.values(),
        at=word.at,
    )
    copy.sender, copy.quoted, copy.html = word.sender, word.quoted, word.html
    copy.author_kind, copy.author_id = word.author_kind, word.author_id
    copy.facts = {"copied_from": word.pk, **_told_of_files(word, enclosed)}
    copy.save(update_fields=["sender", "quoted", "html", "author_kind", "author_id", "facts"])


def _told_of_files(word: Message, enclosed: Mapping[int, Attachment]) -> dict[str, Any]:
    """Where its pictures stand in its HTML, now by the copies, and what of it could not be kept."""
    told = [
        {**one, "attachment": enclosed[one["attachment"]].pk} if "attachment" in one else one
        for one in word.facts.get("files", ())
        if one.get("attachment") in {None, *enclosed}
    ]
    return {"files": told} if told else {}
