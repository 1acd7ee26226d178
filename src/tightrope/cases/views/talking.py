"""Answering, noting, taking back: the conversation as staff leads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tightrope.cases import access, actions, queries
from tightrope.cases.actions.configuring import count_use
from tightrope.cases.forms import NoteForm, ReplyForm
from tightrope.cases.models import Case
from tightrope.cases.refusals import NOT_KEPT, REFUSALS, status_of
from tightrope.cases.views.doors import case_or_404, url_of
from tightrope.cases.views.page import after_act, case_page, refused
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.idempotency import once
from tightrope.files import actions as files
from tightrope.ui.onward import ask_for_files_again, doer, new_token


@require_POST
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer the customer; with it wait for him, or say that it is solved."""
    shown, by, now = case_or_404(request, public_id), doer(request), clock.now()
    form = ReplyForm(request.POST)
    if not form.is_valid():
        ask_for_files_again(request, form)
        return case_page(request, shown, status=422, reply_form=form)
    facts = form.cleaned_data
    newer = _said_meanwhile(shown, facts["seen_until"], by)
    if newer and "anyway" not in request.POST:
        retyped = request.POST.copy()
        retyped["seen_until"] = newer[-1].at.isoformat()
        again = ReplyForm(retyped)
        again.is_valid()
        ask_for_files_again(request, again)
        return case_page(request, shown, status=409, reply_form=again, meanwhile=newer)
    try:
        answer, _is_new = once(
            "form",
            facts["form_token"] or new_token(),
            lambda: _replied(request, shown, facts, by, now),
            at=now,
        )
    except NOT_KEPT as wrong:
        form.add_error(None, str(wrong))
        ask_for_files_again(request, form)
        return case_page(request, shown, status=422, reply_form=form)
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        ask_for_files_again(request, form)
        return case_page(request, shown, status=status_of(refusal), reply_form=form, refusal=str(refusal))
    undo_url = reverse("cases:taking_back", args=[shown.public_id, answer["message"]])
    return after_act(request, shown, _SENTENCES[facts["then"]](shown), undo_url=undo_url)


_SENTENCES: dict[str, Any] = {
    "": lambda shown: _("The answer is on its way."),
    "wait": lambda shown: _("The answer is on its way; we wait for the customer."),
    "solve": lambda shown: _("The answer is on its way; %(number)s is solved.") % {"number": shown.number},
}


@transaction.atomic
def _replied(
    request: HttpRequest, shown: Case, facts: dict[str, Any], by: Actor, at: datetime
) -> dict[str, Any]:
    access.require(by, access.Can.WORK, shown)
    message = actions.send_reply(
        shown,
        text=facts["text"],
        attachments=files.store_files(
            request.FILES.getlist("files"), account_id=shown.account_id, by=by, at=at
        ),
        by=by,
        at=at,
    )
    if facts["then"] == "wait":
        actions.wait_for_customer(shown, waiting_for=facts["waiting_for"], by=by, at=at)
    elif facts["then"] == "solve":
        actions.solve_case(shown, solution=facts["solution"], by=by, at=at)
    if facts["canned"]:
        count_use(facts["canned"])
    return {"message": message.pk}


def _said_meanwhile(shown: Case, seen_until: str, by: Actor) -> list[Message]:
    """What others said since this doer looked: nobody shall answer past the customer or a colleague."""
    try:
        seen = parse_datetime(seen_until) if seen_until else None
    except ValueError:
        seen = None
    if seen is None:
        return []
    return queries.said_since(shown, seen, by=by)


@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep a word for colleagues. It can reach no customer."""
    shown = case_or_404(request, public_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return case_page(request, shown, status=422, note_form=form, say="note")
    actions.add_note(shown, text=form.cleaned_data["body"], by=doer(request), at=clock.now())
    return after_act(request, shown, _("The note is kept for colleagues."))


@require_POST
def take_back(request: HttpRequest, public_id: str, message_id: int) -> HttpResponse:
    """Take an answer back within its ten seconds, and with it what was solved by it; its text stands in the editor
    again."""
    shown, by = case_or_404(request, public_id), doer(request)
    message = queries.message_of(shown, message_id)
    if message is None:
        raise Http404("message")
    try:
        actions.take_back_reply(shown, message, by=by, at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    fresh = access.case_for(by, shown.public_id)
    form = ReplyForm(
        initial={
            "text": message.text,
            "form_token": new_token(),
            "seen_until": clock.now().isoformat(),
        }
    )
    return case_page(
        request,
        fresh,
        reply_form=form,
        notice=_("The answer was taken back. It stands in the editor again."),
        came_back=True,
        canonical=url_of(fresh),
    )
