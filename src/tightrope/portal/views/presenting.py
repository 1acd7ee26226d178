"""What the page of a case shows, in the shape its components want."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tightrope.cases.models import Case
from tightrope.core.actor import Actor, Kind
from tightrope.files import queries as files
from tightrope.files.models import Attachment
from tightrope.portal.queries import Word
from tightrope.portal.views.doors import Place


def words(said: list[Word], place: Place) -> list[dict[str, Any]]:
    """The turns of a conversation for the bubbles."""
    return [
        {
            "body": word.body,
            "at": word.at,
            "author": word.author,
            "mine": word.mine,
            "verdict": word.verdict,
            "files": [shown_file(attachment, place) for attachment in word.files],
        }
        for word in said
    ]


def shown_file(attachment: Attachment, place: Place) -> dict[str, Any]:
    """A file with the address under which this reader may fetch it; behind a private link that leads through it."""
    file = files.shown(attachment)
    if not place.token or not file["url"]:
        return file
    file["url"] = reverse("portal:link_file", args=[place.token, attachment.public_id, attachment.name])
    if attachment.thumbnail_key:
        file["thumbnail_url"] = reverse("portal:link_thumbnail", args=[place.token, attachment.public_id])
        file["picture_url"] = reverse("portal:link_picture", args=[place.token, attachment.public_id])
    return file


def score_asked(text: str) -> int:
    """The score a link in a mail proposes; 0 for none."""
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def lives_on(case: Case, by: Actor) -> dict[str, str]:
    """Where a merged case goes on, as far as this reader may go there."""
    return _linked(case.merged_into, by)


def follows(case: Case, by: Actor) -> dict[str, str]:
    """The older case this one follows."""
    return _linked(case.follows, by)


def following(case: Case, by: Actor) -> dict[str, str]:
    """The newer case that follows this one."""
    return _linked(case.followed_by.order_by("-pk").first(), by)


def _linked(case: Case | None, by: Actor) -> dict[str, str]:
    if case is None:
        return {}
    may_go = by.kind is Kind.CONTACT and Case.objects.visible_to(by).filter(pk=case.pk).exists()
    return {
        "number": case.number,
        "url": reverse("portal:case", args=[case.public_id]) if may_go else "",
    }
