"""The page behind a mailed question. Looking records nothing: mail scanners look, too."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from tightrope.core import clock
from tightrope.surveys import actions, forms, queries
from tightrope.surveys.access import survey_behind
from tightrope.surveys.models import FollowUp, Survey
from tightrope.surveys.wording import star_words

RECOMMENDATION_EVERY = timedelta(days=90)


def _in_words_of(survey: Survey, request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """In the reader's language and time, and behind an address that is told to nobody."""
    by = survey.actor()
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    language = (translation.get_language() if chosen else None) or by.language
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(by.time_zone)):
        response = answer()
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _survey_or_404(token: str) -> Survey:
    survey = survey_behind(token)
    if survey is None:
        raise Http404("survey")
    return survey


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """One question with the tapped score chosen already; one press sends it."""
    survey = _survey_or_404(token)
    if request.method != "POST":
        return _in_words_of(survey, request, lambda: _page(request, survey))
    form = forms.AnswerForm(request.POST, kind=survey.kind)
    if not form.is_valid():
        return _in_words_of(survey, request, lambda: _page(request, survey, form=form, status=422))
    facts = form.cleaned_data
    actions.answer_survey(survey, **facts, by=survey.actor(), at=clock.now())
    return HttpResponseRedirect(f"{request.path}?thanks", status=303)


@require_POST
def recommend(request: HttpRequest, token: str) -> HttpResponse:
    """The second question, for whoever likes: would he recommend us?"""
    survey = _survey_or_404(token)
    form = forms.AnswerForm(request.POST, kind=Survey.Kind.NPS)
    if form.is_valid():
        facts = form.cleaned_data
        actions.recommend(survey, **facts, by=survey.actor(), at=clock.now())
    return HttpResponseRedirect(f"{reverse('surveys:answer', args=[token])}?thanks", status=303)


def _page(request: HttpRequest, survey: Survey, *, form: Any = None, status: int = 200) -> HttpResponse:
    asked = request.GET.get("score", "")
    chosen = int(asked) if asked in {str(score) for score in survey.scale} else survey.score
    words = star_words()
    is_csat = survey.kind == Survey.Kind.CSAT
    second = Survey.objects.filter(
        case_id=survey.case_id, contact_id=survey.contact_id, kind=Survey.Kind.NPS, score__isnull=False
    ).first()
    call = FollowUp.objects.filter(survey=survey, closed_at__isnull=True).first()
    context = {
        "survey": survey,
        "case": survey.case,
        "form": form or forms.AnswerForm(kind=survey.kind, initial={"comment": survey.comment}),
        "scores": [(score, words[score - 1] if is_csat else "", score == chosen) for score in survey.scale],
        "is_csat": is_csat,
        "thanks": "thanks" in request.GET and survey.score is not None,
        "call": call,
        "ask_second": is_csat
        and second is None
        and queries.may_ask_again(survey, since=clock.now() - RECOMMENDATION_EVERY),
        "second_scores": range(11),
        "home_url": "/portal/",
    }
    return render(request, "surveys/answer.html", context, status=status)
