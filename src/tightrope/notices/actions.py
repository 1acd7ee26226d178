"""Telling members of the staff: each in his language, the same thing once, and not at night."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core import jobs, live
from tightrope.core.actor import Actor
from tightrope.notices import events, kinds
from tightrope.notices.models import Answer, Notice, Preference, Quiet
from tightrope.people.models import User


class NotAnAlarm(ValueError):
    """Nothing is there that somebody should take care of."""


class NotYours(PermissionError):
    """Another person was alarmed."""


FOLD_WITHIN = timedelta(minutes=10)
Title = str | Callable[[str], Any]
"""Words, or what gives them for a language."""


@transaction.atomic
def notify(
    users: Iterable[User], *, kind: str, title: Title, url: str, by: Actor, at: datetime,
    facts: Mapping[str, Any] | None = None, is_urgent: bool = False,
) -> list[Notice]:  # fmt: skip
    """Tell these people. The doer is not told of his own act; what is unread and minutes old is only counted up."""
    told = []
    for user in users:
        if not user.is_active or user.pk == by.user_id:
            continue
        way = _way(user, kind)
        if way == Preference.Way.OFF and not is_urgent:
            continue
        notice = _folded(user, kind, url, at=at)
        if notice is None:
            notice = Notice.objects.create(
                user=user, kind=kind, title=_in_language(user, title), url=url, facts=dict(facts or {}),
                is_urgent=is_urgent, at=at,
            )  # fmt: skip
            if way == Preference.Way.MAIL or is_urgent:
                jobs.enqueue("notices.mail", notice_id=notice.pk)
        told.append(notice)
        live.announce(f"user:{user.pk}")
    return told


def _way(user: User, kind: str) -> str:
    chosen = Preference.objects.filter(user=user, kind=kind).values_list("way", flat=True).first()
    return chosen or kinds.usual_way(kind)


def _folded(user: User, kind: str, url: str, *, at: datetime) -> Notice | None:
    same = Notice.objects.filter(user=user, kind=kind, url=url, read_at__isnull=True, at__gt=at - FOLD_WITHIN)
    notice = same.order_by("-pk").first()
    if notice is not None:
        Notice.objects.filter(pk=notice.pk).update(times=F("times") + 1, at=at)
    return notice


def _in_language(user: User, title: Title) -> str:
    with translation.override(user.language), timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
        return str(title(user.language) if callable(title) else title)[:300]


@transaction.atomic
def read_notices(user_id: int, notice_ids: Iterable[int] | None, *, at: datetime) -> None:
    """Mark these notices of a person as read; all of them for None."""
    rows = Notice.objects.filter(user_id=user_id, read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    rows.update(read_at=at)
    live.announce(f"user:{user_id}")


@transaction.atomic
def answer_notice(notice: Notice, *, word: str, by: Actor, at: datetime) -> Answer:
    """Say to an alarm that one has seen it and takes care of it. The others who were alarmed are told, and it
    stands on the line of what the alarm is about. Said again in the same words it is said once.

    Raises NotAnAlarm, NotYours.
    """
    notice = Notice.objects.select_for_update().select_related("user").get(pk=notice.pk)
    if notice.user_id != by.user_id:
        raise NotYours(_("Only who was alarmed answers."))
    subject = _subject_of(notice)
    word = word.strip()[:300]
    said = Answer.objects.filter(kind=notice.kind, url=notice.url, at__gte=notice.at).order_by("-at", "-pk")
    last: Answer | None = said.filter(user=notice.user).first()
    if last is not None and last.word == word:
        return last
    answer = Answer.objects.create(kind=notice.kind, url=notice.url, user=notice.user, word=word, at=at)
    read_notices(notice.user_id, [notice.pk], at=at)
    timeline.record(subject, events.AlarmAnswered(alarm=notice.kind, word=word), by=by, at=at)
    others = Notice.objects.filter(kind=notice.kind, url=notice.url).exclude(user=notice.user)
    for theirs in others.select_related("user").order_by("user", "-pk").distinct("user"):
        title = _answered(theirs.title, name=by.name, word=word)
        notify([theirs.user], kind=events.AlarmAnswered.kind, title=title, url=notice.url, by=by, at=at)
    return answer


def _answered(alarm: str, *, name: str, word: str) -> Title:
    """Who takes care of the alarm, with the alarm as its reader knows it."""

    def title(_language: str) -> str:
        facts = {"name": name, "word": word, "alarm": alarm}
        if word:
            return _("%(name)s takes care of it: %(word)s (%(alarm)s)") % facts
        return _("%(name)s takes care of it (%(alarm)s)") % facts

    return title


def _subject_of(notice: Notice) -> models.Model:
    """What an alarm is about. Raises NotAnAlarm."""
    word, _colon, number = str(notice.facts.get("subject", "")).partition(":")
    found = [
        model
        for model in apps.get_models()
        if model._meta.model_name == word and model.__module__.startswith("tightrope.")
    ]
    row = found[0]._base_manager.filter(pk=int(number)).first() if len(found) == 1 else None
    if row is None:
        raise NotAnAlarm(_("This notice asks for no answer."))
    return row


@transaction.atomic
def mail_notice(notice_id: int, *, at: datetime) -> datetime | None:
    """Send one notice by mail unless it was read or is quiet now. Returns when to try again, if so.

    Who has left us since he was told, over night for example, is written to no more.
    """
    notice = Notice.objects.select_for_update().select_related("user").get(pk=notice_id)
    if notice.mailed_at is not None or notice.read_at is not None or not notice.user.is_active:
        return None
    if not notice.is_urgent:
        ends_at = quiet_until(notice.user, at=at)
        if ends_at is not None:
            return ends_at
    _send(notice.user, notice.title, f"{notice.title}\n{settings.PUBLIC_URL}{notice.url}")
    notice.mailed_at = at
    notice.save(update_fields=["mailed_at"])
    return None


@transaction.atomic
def send_digest(user: User, *, at: datetime) -> int:
    """Send one person everything unread and not yet mailed in one mail. Returns how many there were."""
    notices = list(
        Notice.objects.select_for_update().filter(user=user, mailed_at__isnull=True, read_at__isnull=True)[
            :100
        ]
    )
    if not notices:
        return 0
    with translation.override(user.language):
        subject = _("%(count)s things to know") % {"count": len(notices)}
        lines = [f"- {notice.title}\n  {settings.PUBLIC_URL}{notice.url}" for notice in notices]
    _send(user, subject, "\n".join(lines))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=at)
    return len(notices)


def _send(user: User, subject: str, text: str) -> None:
    # Our mail backend only writes a row and queues a job, so this belongs into the transaction.
    send_mail(subject, text, settings.MAIL_FROM, [user.email])


def quiet_until(user: User, *, at: datetime) -> datetime | None:
    """When the person's quiet hours end, if they are on; None otherwise."""
    quiet = Quiet.objects.filter(user=user).first()
    if quiet is None:
        return None
    zone = zoneinfo.ZoneInfo(user.time_zone)
    local = at.astimezone(zone)
    begins = datetime.combine(local.date(), quiet.from_time, zone)
    ends = datetime.combine(local.date(), quiet.until_time, zone)
    if begins <= ends:
        return ends if begins <= local < ends else None
    if local >= begins:
        return ends + timedelta(days=1)
    return ends if local < ends else None


@transaction.atomic
def choose_way(user: User, *, kind: str, way: str) -> None:
    """How this person wants to be told of a kind. Raises KeyError for a kind nobody registered."""
    kinds.known_kinds()[kind]
    Preference.objects.update_or_create(user=user, kind=kind, defaults={"way": Preference.Way(way)})


@transaction.atomic
def set_quiet_hours(user: User, *, from_time: Any, until_time: Any) -> None:
    """When this person is not to be disturbed; two Nones end it."""
    if from_time is None or until_time is None:
        Quiet.objects.filter(user=user).delete()
    else:
        Quiet.objects.update_or_create(user=user, defaults={"from_time": from_time, "until_time": until_time})
