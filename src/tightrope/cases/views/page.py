"""The page of one case: what is promised, what was said, what can be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.cases import access, queries
from tightrope.cases.access import Can
from tightrope.cases.dues import ORDER, Calendars, Due, due_of
from tightrope.cases.models import Case
from tightrope.cases.priority import priority_of
from tightrope.cases.refusals import status_of
from tightrope.cases.rows import light_rows_of
from tightrope.cases.views.doors import announce_done, case_or_404, is_htmx, see_other, url_of
from tightrope.cases.views.parts import acts_of, canned_menu, empty_composer, typed_editors
from tightrope.cases.views.queue import BESIDE_A_CASE, address_of, list_context
from tightrope.cases.wording import BY_KIND, CHANNEL_ICONS, PROMISED, joined, light_word, path_of, relation
from tightrope.channels.models import Direction, Message, MessageState
from tightrope.channels.reasons import why_not_there
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.customers.addresses import shown as address_shown
from tightrope.customers.lines import PastItem, past_items
from tightrope.customers.panels import ahead_of, panels_of
from tightrope.customers.queries.confirming import addresses_of
from tightrope.fields import queries as forms_on_file
from tightrope.files import queries as files
from tightrope.promises import queries as promises
from tightrope.promises.models import Promise, PromiseKind
from tightrope.timeline.queries import events_of
from tightrope.ui import format as written
from tightrope.ui.onward import doer, new_token

LINE_LENGTH = 40
TYPED = {"reply_form", "note_form", "meanwhile", "came_back"}
"""What joins the page when something was typed into an editor."""
A_DAY = timedelta(days=1)
"""Before the customer spoke nothing happened to his case; a day is for clocks that went wrong."""
UNSENT = {
    MessageState.HELD,
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.FAILED,
    MessageState.BOUNCED,
    MessageState.KEPT,
    MessageState.WITHHELD,
}


@require_GET
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case: a page of its own, or the part beside the list."""
    return case_page(request, case_or_404(request, public_id))


def case_page(request: HttpRequest, shown: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """The case as a page; for htmx only the part beside the list. `more` joins the context, e.g. a refusal."""
    now, calendars = clock.now(), Calendars()
    context = case_context(request, shown, at=now, calendars=calendars)
    if more.keys() & TYPED:
        context |= typed_editors(form_token=context["form_token"], seen_until=context["seen_until"]) | more
    else:
        context |= more
        context["composer"] = empty_composer(request, shown, context)
    if is_htmx(request):
        return render(request, "cases/detail.html", context, status=status)
    try:
        beside = list_context(request, at=now, current=shown, size=BESIDE_A_CASE, calendars=calendars)
    except BadCursor:
        beside = {}
    return render(request, "cases/case.html", beside | context, status=status)


def after_act(request: HttpRequest, acted_on: Case, sentence: Any, *, undo_url: str = "") -> HttpResponse:
    """The case as it stands after an act; the list when the doer may not see it any more."""
    url = url_of(acted_on)
    if not is_htmx(request):
        return see_other(request, url, sentence, undo_url=undo_url)
    try:
        fresh = access.case_for(doer(request), acted_on.public_id)
    except Case.DoesNotExist:
        return see_other(request, reverse("cases:queue"), sentence)
    messages.success(request, str(sentence), extra_tags=undo_url)
    return announce_done(case_page(request, fresh), f"{url}?{address_of(request)}")


def refused(request: HttpRequest, shown: Case, refusal: Exception) -> HttpResponse:
    """The case as it stands now, with the sentence that says why nothing was done."""
    fresh = access.case_for(doer(request), shown.public_id)
    return case_page(request, fresh, status=status_of(refusal), refusal=str(refusal))


def case_context(request: HttpRequest, shown: Case, *, at: datetime, calendars: Calendars) -> dict[str, Any]:
    """Everything the page of a case shows."""
    by = doer(request)
    every_promise = promises.promises_of("case", [shown.pk])[shown.pk]
    due = due_of(shown, every_promise, at=at, calendars=calendars)
    light = shown.light(at)
    panels = panels_of("case", shown, by=by, at=at)
    events, older = events_of("case", shown.pk, by=by, limit=LINE_LENGTH, since=shown.told_at - A_DAY)
    turns = turns_of(shown, by=by, at=at)
    may = {permission.name.lower(): access.may(by, permission, shown) for permission in Can}
    relatives, similar = _relatives_of(shown, by=by, at=at), queries.similar_cases(shown, by=by)
    belonging = {one["row"].case.pk for one in relatives}
    promise_url = _new_promise_url(shown) if by.may("promise.make") else ""
    last_word = max((turn.at for turn in turns if turn.is_message), default=None)
    return {
        "case": shown,
        "now": at,
        "address": address_of(request),
        "light": light,
        "light_word": light_word(shown, light),
        "path": path_of(shown.category),
        "priority": priority_of(
            impact=shown.impact,
            urgency=shown.urgency,
            importance=shown.account.importance if shown.account else 1,
        ),
        "due": due,
        "headline": headline_of(shown, due, every_promise, may_change=by.may("promise.change"), at=at),
        "turns": turns,
        "may": may,
        "form_token": new_token(),
        "seen_until": last_word.isoformat() if last_word else "",
        "can_reply": may["work"] and shown.status not in {Case.Status.MERGED, Case.Status.REJECTED},
        "canned_menu": canned_menu(_canned_for(shown, by) if may["work"] else []),
        "facts": _facts_of(shown),
        "answers": _answers_of(shown),
        "addresses": _addresses_of(shown),
        "ahead": ahead_of(panels),
        "past": past_items(events),
        "older": older,
        "panels": [panel for panel in panels if panel.template],
        "relatives": relatives,
        "signs": queries.open_signs(shown) if shown.signs else [],
        "calls": queries.calls_of(shown) if _has_calls(shown) else [],
        "similar": [row for row in light_rows_of(similar, at=at) if row.case.pk not in belonging],
        "acts": acts_of(request, shown, may=may, promise_url=promise_url),
        "say": request.GET.get("say", "reply"),
        "owned_by_me": shown.owner_id is not None and shown.owner_id == by.user_id,
    }


def _has_calls(shown: Case) -> bool:
    """Whether there are calls to show: those of other cases that ended long ago stand on the line."""
    return shown.call_due_at is not None or bool(shown.return_call)


def _relatives_of(shown: Case, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """What belongs together with the case, each with what it is to it."""
    cases = queries.relatives_of(shown, by=by)
    rows = light_rows_of(cases, at=at)
    return [{"row": row, "what": relation(shown, case)} for case, row in zip(cases, rows, strict=True)]


def _canned_for(shown: Case, by: Actor) -> list[dict[str, Any]]:
    return [
        {"name": str(reply), "text": queries.filled_in(reply, shown, by=by), "id": reply.pk}
        for reply in queries.canned_replies(shown, by=by)
    ]


@dataclass(frozen=True, slots=True)
class Headline:
    """The due time as the largest figure: what it counts to, for whom, and the other clocks beside it."""

    due: Due
    what: str
    detail: str
    change_url: str


def headline_of(
    shown: Case, due: Due, every_promise: list[Promise], *, may_change: bool, at: datetime
) -> Headline:
    """What stands beside the largest figure."""
    counted = due.promise
    if shown.status == Case.Status.WAITING:
        what = _("The next step is the customer's: %(what)s") % {"what": shown.waiting_for}
        since = written.moment(shown.waiting_since, now=at) if shown.waiting_since else ""
        return Headline(due, what, _("The clocks stand still since %(since)s.") % {"since": since}, "")
    if shown.status in {Case.Status.SOLVED, Case.Status.CLOSED}:
        return Headline(due, _("between the solution and its promised time"), _ended(shown, at), "")
    if counted is None:
        return Headline(due, _("No policy gives this case a promised time."), "", "")
    others = [
        _beside_figure(promise, counted, at)
        for promise in sorted(every_promise, key=lambda p: (ORDER[PromiseKind(p.kind)], p.due_at))
        if promise.is_running and not promise.is_paused and promise.what == counted.what
    ]
    what = counted.text or str(PROMISED[counted.what])
    return Headline(due, what, joined(others), _change_url(counted) if may_change else "")


def _beside_figure(promise: Promise, counted: Promise, at: datetime) -> str:
    """To whom and when. The figure is the instant itself when it is a day away; it is not said twice then."""
    when = written.nearby(promise.due_at, now=at, in_sentence=True)
    is_said = promise.pk == counted.pk and written.time_left(counted.due_at, now=at).lower() == when.lower()
    return str(BY_KIND[promise.kind]) if is_said else f"{BY_KIND[promise.kind]} {when}"


def _ended(shown: Case, at: datetime) -> str:
    if shown.status == Case.Status.CLOSED and shown.closed_at:
        if shown.is_confirmed:
            return _("Confirmed by the customer %(when)s.") % {
                "when": written.moment(shown.closed_at, now=at)
            }
        return _("Closed %(when)s, nobody objected.") % {"when": written.moment(shown.closed_at, now=at)}
    if shown.look_again_at:
        when = written.moment(shown.look_again_at, now=at)
        return _("Waiting for the customer's confirmation; silence closes it %(when)s.") % {"when": when}
    return ""


def _change_url(promise: Promise) -> str:
    try:
        return reverse("promises:replacement", args=[promise.public_id])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the conversation as the page shows it. A note is a note and a message a message."""

    at: datetime
    author: str
    body: str
    is_message: bool
    about: str = ""
    icon: str = ""
    frame_url: str = ""
    unsent: str = ""
    taking_back_url: str = ""
    quoted: str = ""
    files: tuple[dict[str, Any], ...] = ()
    is_ours: bool = False
    is_automatic: bool = False


def turns_of(shown: Case, *, by: Actor, at: datetime) -> list[Said]:
    """What was said and noted, oldest first, with its files."""
    turns = queries.conversation_of(shown, by=by)
    ids = [turn.message.pk for turn in turns if turn.message]
    attached = files.attachments_of("message", ids) if ids else {}
    said = []
    for turn in turns:
        if turn.note is not None:
            said.append(Said(turn.at, turn.note.author_name, turn.note.body, is_message=False))
        elif turn.message is not None:
            said.append(_said(shown, turn.message, attached.get(turn.message.pk, []), by, at))
    return said


def _said(shown: Case, message: Message, attachments: list[Any], by: Actor, at: datetime) -> Said:
    is_out = message.direction == Direction.OUT
    whose = shown.account.name if shown.account and not is_out else ""
    channel = _channel_word(message.channel)
    about = _("to the customer, %(channel)s") % {"channel": channel} if is_out else joined([whose, channel])
    if message.is_automatic and is_out:
        about = _("automatic letter to the customer")
    unsent = ""
    if is_out and message.state in UNSENT:
        unsent = why_not_there(message, now=at) or str(MessageState(message.state).label)
    return Said(
        at=message.at,
        author=message.signed_by or message.sender or _("unknown"),
        body=message.text,
        is_message=True,
        about=about,
        icon=CHANNEL_ICONS.get(message.channel, "chat"),
        frame_url=_frame_url(message),
        unsent=unsent,
        taking_back_url=_taking_back_url(shown, message, by),
        quoted=message.quoted,
        files=tuple(files.shown(one) for one in attachments),
        is_ours=is_out,
        is_automatic=message.is_automatic,
    )


def _taking_back_url(shown: Case, message: Message, by: Actor) -> str:
    """Where whoever wrote it takes it back, while it can be."""
    if not message.is_held or message.author_id != by.id:
        return ""
    return reverse("cases:taking_back", args=[shown.public_id, message.pk])


def _channel_word(channel: str) -> str:
    return str(Case.Channel(channel).label) if channel in Case.Channel.values else channel


def _frame_url(message: Message) -> str:
    """Where HTML from outside is shown: in a frame of its own, never in this page. Plain words are shown as such."""
    try:
        return "" if message.text.strip() else message.frame_url
    except NoReverseMatch:
        return ""


def _facts_of(shown: Case) -> list[dict[str, Any]]:
    """What is on file of the case, in pairs."""
    told, received = shown.told_at, shown.received_at
    facts: list[dict[str, Any]] = [
        {"label": _("Answers for it"), "value": shown.owner.name if shown.owner else _("nobody yet")},
        {"label": _("Team"), "value": shown.team.name if shown.team else ""},
        {"label": _("Tier"), "value": shown.tier},
        {"label": _("Told"), "value": written.moment(told, now=clock.now())},
    ]
    if received - told >= timedelta(minutes=1):
        late = written.calendar_duration(received - told)
        facts.append({"label": _("Entered"), "value": _("%(length)s later") % {"length": late}})
    if shown.reopenings:
        facts.append({"label": _("Reopened"), "value": _("%(n)s times") % {"n": shown.reopenings}})
    if shown.reroutings:
        facts.append({"label": _("Handed over"), "value": _("%(n)s times") % {"n": shown.reroutings}})
    if shown.outcome:
        facts.append({"label": _("Ended"), "value": shown.get_outcome_display()})
        facts.append({"label": _("The customer knows"), "value": shown.get_end_told_display()})
    if shown.accused_team:
        facts.append({"label": _("Complaint about"), "value": shown.accused_team.name})
    if shown.solution:
        facts.append({"label": _("Solved by"), "value": shown.get_solution_display()})
    return facts


def _answers_of(shown: Case) -> list[dict[str, Any]]:
    """The category's form as the customer filled it in, in the words of the version he saw."""
    if not shown.answers:
        return []
    definition = forms_on_file.version_of(queries.form_key_of(shown.category), shown.form_version)
    if definition is None:
        return [{"label": name, "value": value} for name, value in shown.answers.items()]
    language = get_language() or "en"
    pairs = forms_on_file.describe(definition, shown.answers, language)
    return [{"label": question, "value": answer} for question, answer in pairs]


def _addresses_of(shown: Case) -> list[dict[str, str]]:
    """How to reach the contact: mail opens the mail program, a number dials."""
    if shown.contact is None:
        return []
    schemes = {"mail": "mailto:", "phone": "tel:"}
    return [
        {
            "kind": address.kind,
            "shown": address_shown(address.kind, address.value),
            "url": schemes[address.kind] + address.value.partition(";")[0] if address.kind in schemes else "",
        }
        for address in addresses_of(shown.contact)
    ]


def _new_promise_url(shown: Case) -> str:
    try:
        return f"{reverse('promises:new')}?about=case:{shown.pk}"
    except NoReverseMatch:
        return ""


__all__ = ["PastItem", "after_act", "case", "case_context", "case_page", "refused"]
