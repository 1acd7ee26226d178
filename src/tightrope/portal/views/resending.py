"""A form of a report that is sent again: what it became the first time, and what is new in it since.

A browser shows a sent form again after "back". Whoever presses once more is led to the case he has, and asked
before anything he changed makes a second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tightrope.cases import actions as cases
from tightrope.cases.models import Case, PrivateLink
from tightrope.core.actor import Actor

ENDED = (Case.Status.MERGED, Case.Status.REJECTED, Case.Status.CLOSED)


@dataclass(frozen=True)
class Given:
    """One thing that was filled in. Without a label it is said as it stands."""

    name: str
    words: str
    label: str = ""

    @property
    def mark(self) -> str:
        """By which the same words are known again; the words themselves are kept with the case alone."""
        return salted_hmac("portal.given", f"{self.name}={self.words}").hexdigest()[:32]

    def __str__(self) -> str:
        if not self.label or self.label.endswith(("?", "？")):
            return f"{self.label} {self.words}".strip()
        return _("%(label)s: %(words)s") % vars(self)


@dataclass(frozen=True)
class Sent:
    """The case that a form became, as far as whoever sent the form may still see it."""

    case: Case
    by: Actor | None
    """In whose name he writes on it; nobody once the link that he was given has ended."""
    link: PrivateLink | None = None

    @property
    def url(self) -> str:
        """Its page for him, empty when he has none any more."""
        if self.link is not None:
            return reverse("portal:link", args=[self.link.token])
        return reverse("portal:case", args=[self.case.public_id]) if self.by else ""

    @property
    def thanks_url(self) -> str:
        """What he sees first."""
        return reverse("portal:thanks", args=[self.link.token]) if self.link is not None else self.url

    @property
    def takes_words(self) -> bool:
        """Whether something can be added to it."""
        return self.by is not None and self.case.status not in ENDED


def answer_of(case: Case, given: Iterable[Given], uploads: Iterable[UploadedFile[Any]]) -> dict[str, Any]:
    """What is kept under the key of a sent form, so that the same form is known when it comes again."""
    link = cases.private_link_of(case, case.contact)
    return {
        "case": case.pk,
        "link": link.pk if link else None,
        "given": {one.name: one.mark for one in given},
        "files": [_mark_of(upload) for upload in uploads],
    }


def sent_by(answer: Mapping[str, Any], by: Actor) -> Sent:
    """The case behind a kept answer. The link is the one that was shown then, never one that was mailed later."""
    case = Case.objects.with_people().get(pk=answer["case"])
    if by.is_customer:
        may_see = Case.objects.visible_to(by).filter(pk=case.pk).exists()
        return Sent(case, by if may_see else None)
    links = PrivateLink.objects.select_related("case", "contact")
    link = links.filter(pk=answer["link"], revoked_at__isnull=True).first()
    return Sent(case, link.actor() if link else None, link)


def changed_since(answer: Mapping[str, Any], given: Iterable[Given]) -> list[Given]:
    """What is filled in otherwise than the first time. What was emptied since says nothing new."""
    return [one for one in given if one.words and answer["given"].get(one.name) != one.mark]


def added_since(answer: Mapping[str, Any], uploads: Iterable[UploadedFile[Any]]) -> list[UploadedFile[Any]]:
    """The files that were not with it the first time."""
    return [upload for upload in uploads if _mark_of(upload) not in answer["files"]]


def _mark_of(upload: UploadedFile[Any]) -> str:
    return salted_hmac("portal.given", f"{upload.name}={upload.size}").hexdigest()[:32]
