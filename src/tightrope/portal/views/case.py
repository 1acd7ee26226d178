"""One case as its customer sees it, and what he can do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tightrope.cases import actions as cases
from tightrope.cases.models import Case, IllegalMove
from tightrope.channels import actions as channels
from tightrope.core import clock, throttle
from tightrope.core.idempotency import once
from tightrope.files import actions as files
from tightrope.portal import actions, forms, queries
from tightrope.portal.middleware import follow
from tightrope.portal.views import presenting
from tightrope.portal.views.doors import Place, link_gone, page, place_or_404, said, too_many
from tightrope.surveys import actions as surveys
from tightrope.surveys import queries as answers
from tightrope.surveys.wording import star_words
from tightrope.ui.onward import ask_for_files_again, doer, done, refused

S = Case.Status
REFUSALS = (
    actions.NothingToSay,
    files.TooMany,
    files.TooLarge,
    files.EmptyFile,
    files.NotAllowed,
    IllegalMove,
    cases.TooLate,
    surveys.NotRateable,
    surveys.ScoreOutOfRange,
    channels.TooLate,
)


@require_safe
def show(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """The page of a case: its lights, the promise, the conversation, what can be done now."""
    if token and request.private_link is None:  # type: ignore[attr-defined]
        return link_gone(request)
    place = place_or_404(request, public_id, token)
    part = request.GET.get("part", "") if getattr(request, "htmx", False) else ""
    template = {"live": "portal/case.html#live", "dock": "portal/case.html#dock"}.get(
        part, "portal/case.html"
    )
    return _private(request, place, page(request, template, _context(request, place)))


@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """What a reporter sees first: the number, the promise and where to look again."""
    if request.private_link is None:  # type: ignore[attr-defined]
        return link_gone(request)
    place = place_or_404(request, token=token)
    return _private(request, place, page(request, "portal/thanks.html", _context(request, place)))


def _private(request: HttpRequest, place: Place, response: HttpResponse) -> HttpResponse:
    """A page behind a secret address tells that address to nobody: no referrer, no store, no index."""
    response["Cache-Control"] = "no-store"
    if place.token:
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        follow(request, response, place.token)
    return response


def _context(request: HttpRequest, place: Place) -> dict[str, Any]:
    case, by, now = place.case, doer(request), clock.now()
    (standing,) = queries.standings_of([case], at=now)
    can_reopen = queries.may_reopen(case, at=now)
    can_follow = case.status == S.CLOSED and not can_reopen
    words_form = forms.FollowUpForm if can_follow else forms.WordsForm
    return {
        "place": place,
        "case": case,
        "standing": standing,
        "steps": queries.steps_of(standing),
        "words": presenting.words(queries.conversation_of(case, by=by), place),
        "verdict": queries.solved_verdict(case) if case.status in {S.SOLVED, S.CLOSED} else "",
        "answers": queries.answered(case, get_language() or by.language),
        "words_form": words_form(initial={"form_token": forms.new_token()}),
        "reason_form": forms.ReasonForm(initial={"form_token": forms.new_token()}),
        "rating_form": forms.RatingForm(),
        "rating": answers.rating_of(case, by=by),
        "star_words": star_words(),
        "asked_score": presenting.score_asked(request.GET.get("score", "")),
        "can_confirm": case.status == S.SOLVED and not case.is_confirmed,
        "can_reopen": can_reopen,
        "can_follow": can_follow,
        "can_rate": case.status in {S.SOLVED, S.CLOSED},
        "can_write": case.status not in {S.MERGED, S.REJECTED, S.CLOSED},
        "lives_on": presenting.lives_on(case, by),
        "follows": presenting.follows(case, by),
        "following": presenting.following(case, by),
        "reopening": "reopening" in request.GET,
        "most_bytes": settings.FILES_LARGEST_BYTES,
    }


def _act(
    request: HttpRequest, public_id: str, token: str, sentence: str, act: Callable[[Place, datetime], Any],
    form: Any = None, anchor: str = "",
) -> HttpResponse:  # fmt: skip
    """Do one thing on the case of this address, once for each form, and see the page again.

    What was filled in and cannot be taken stands in the page again, with what is wrong said above it.
    """
    place = place_or_404(request, public_id, token)
    if form is not None and not form.is_valid():
        return _filled_in(request, place, form)

    def acted() -> dict[str, Any]:
        return act(place, clock.now()) or {}

    try:
        if form is not None and "form_token" in form.cleaned_data:
            # A browser may show the sent form again after "back": with other words in it, it is another message.
            key = f"{place.case.pk}:{form.cleaned_data['form_token']}:{_mark_of(form)}"
            answer, _is_new = once("portal.form", key, acted, at=clock.now())
        else:
            answer = acted()
    except throttle.TooMany as many:
        return too_many(request, many)
    except REFUSALS as wrong:
        if form is None:
            return refused(request, place.url() + anchor, said(wrong))
        form.add_error(None, said(wrong))
        return _filled_in(request, place_or_404(request, public_id, token), form)
    return done(request, answer.get("url") or place.url() + anchor, sentence)


def _mark_of(form: Any) -> str:
    """By which what was filled in is known again."""
    facts = {name: said for name, said in form.cleaned_data.items() if name not in {"form_token", "uploads"}}
    uploads = [(upload.name, upload.size) for upload in form.cleaned_data.get("uploads", ())]
    return salted_hmac("portal.form", repr((sorted(facts.items()), uploads))).hexdigest()[:32]


_SHOWN = {
    forms.WordsForm: ("words_form", ("can_write", "can_follow")),
    forms.FollowUpForm: ("words_form", ("can_follow",)),
    forms.ReasonForm: ("reason_form", ("can_reopen",)),
    forms.RatingForm: ("rating_form", ("can_rate",)),
}
"""Under which name the page has a form, and when it has it."""


def _filled_in(request: HttpRequest, place: Place, form: Any) -> HttpResponse:
    name, cases_of_showing = _SHOWN[type(form)]
    context = {**_context(request, place), name: form}
    if not any(context[can] for can in cases_of_showing):  # the case moved on, and the form went with it
        return refused(request, place.url(), " ".join(e for errors in form.errors.values() for e in errors))
    if isinstance(form, forms.ReasonForm):
        context["reopening"] = True
    ask_for_files_again(request, form)
    return _private(request, place, page(request, "portal/case.html", context, status=422))


@require_POST
def write(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """Reply, or add photos."""
    form = forms.WordsForm(request.POST, request.FILES)

    def written(place: Place, at: datetime) -> None:
        if place.case.status in {S.MERGED, S.REJECTED, S.CLOSED}:
            raise actions.NothingToSay(_("This request has ended."))
        facts = form.cleaned_data
        actions.write_on_case(
            place.case, text=facts["text"], uploads=facts["uploads"], by=doer(request), at=at
        )

    return _act(request, public_id, token, _("We have your message."), written, form, "#words")


@require_POST
def confirm(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """Solved, thank you."""

    def confirmed(place: Place, at: datetime) -> None:
        cases.confirm_case(place.case, by=doer(request), at=at)

    return _act(request, public_id, token, _("Thank you for telling us."), confirmed, anchor="#rating")


@require_POST
def reopen(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """Not solved."""
    form = forms.ReasonForm(request.POST)

    def reopened(place: Place, at: datetime) -> None:
        reason = form.cleaned_data["reason"]
        cases.reopen_case(place.case, reason=reason, by=doer(request), at=at)
        actions.write_on_case(place.case, text=reason, uploads=[], by=doer(request), at=at)

    return _act(request, public_id, token, _("We are on it again."), reopened, form)


@require_POST
def rate(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """Say how we did."""
    form = forms.RatingForm(request.POST)

    def rated(place: Place, at: datetime) -> None:
        facts = form.cleaned_data
        surveys.rate_case(place.case, score=facts["score"], comment=facts["comment"], by=doer(request), at=at)

    return _act(request, public_id, token, _("Thank you for your rating."), rated, form, "#rating")


@require_POST
def follow_up(request: HttpRequest, public_id: str = "", token: str = "") -> HttpResponse:
    """A new case for one that was closed too long ago."""
    form = forms.FollowUpForm(request.POST, request.FILES)

    def followed_up(place: Place, at: datetime) -> dict[str, str]:
        facts = form.cleaned_data
        by = doer(request)
        case = actions.follow_up_case(place.case, text=facts["text"], uploads=facts["uploads"], by=by, at=at)
        if not place.token:
            return {"url": reverse("portal:case", args=[case.public_id])}
        link = cases.private_link_of(case, case.contact)
        if link is None:
            raise Http404("link")
        return {"url": reverse("portal:link", args=[link.token])}

    return _act(request, public_id, token, _("We have your report."), followed_up, form)
