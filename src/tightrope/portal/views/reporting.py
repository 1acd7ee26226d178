"""Reporting a problem: what kind, then its form; here or in a frame of the company's own site."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tightrope.cases import actions as cases
from tightrope.cases.models import Case, Category
from tightrope.core import clock, throttle
from tightrope.core.actor import NOBODY, Actor
from tightrope.core.idempotency import once
from tightrope.fields import forms as fields
from tightrope.files import actions as files
from tightrope.portal import actions, forms, queries
from tightrope.portal.access import hash_of
from tightrope.portal.views.doors import ip_of, page, too_many
from tightrope.ui.onward import ask_for_files_again, doer

BY_ONE_AN_HOUR = 20
FOR_ONE_ADDRESS_A_DAY = 10
BY_ALL_AN_HOUR = 600
BY_ONE_CUSTOMER_AN_HOUR = 60
REFUSALS = (
    cases.NoTitle,
    files.TooMany,
    files.TooLarge,
    files.EmptyFile,
    files.NotAllowed,
)


def report(request: HttpRequest) -> HttpResponse:
    """Choose what it is about, then say it."""
    category = queries.category_with(request.POST.get("category", request.GET.get("category", "")))
    if category is None:
        return page(request, "portal/choose.html", {"choices": queries.choices()})
    by = doer(request)
    asked = Asked(request, category, by=by, channel=Case.Channel.PORTAL)
    if request.method != "POST":
        return page(request, "portal/report.html", asked.context())
    return asked.answered(lambda case: redirect(_after(case, by)), template="portal/report.html")


def _after(case: Case, by: Actor) -> str:
    if by.is_customer:
        return reverse("portal:case", args=[case.public_id])
    link = cases.private_link_of(case, case.contact)
    assert link is not None
    return reverse("portal:thanks", args=[link.token])


@csrf_exempt
def embedded(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one category inside a page of the company's own site.

    In another site's frame no cookie of ours travels, so the form carries a signed token instead, and
    whoever fills it in is nobody to us: there is no sign-in that a forged request could use.
    """
    category = queries.category_with(code)
    if category is None:
        raise Http404("category")
    request.actor = NOBODY  # type: ignore[attr-defined]
    if request.method == "POST" and not _from_here(request):
        return HttpResponseForbidden()
    asked = Asked(request, category, by=NOBODY, channel=Case.Channel.FORM)
    if request.method != "POST":
        response = page(request, "portal/embedded.html", asked.context())
    else:
        response = asked.answered(
            lambda case: page(request, "portal/embedded_thanks.html", _thanks(case)),
            template="portal/embedded.html",
        )
    hosts = [host for host in getattr(settings, "EMBED_HOSTS", []) if host]
    response.frame_ancestors = " ".join(["'self'", *hosts])  # type: ignore[attr-defined]
    return response


def _from_here(request: HttpRequest) -> bool:
    """Whether the form was sent from a page of ours; browsers say so and cannot be made to lie."""
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc not in {request.get_host(), urlsplit(settings.PUBLIC_URL).netloc}:
        return False
    try:
        forms.token_of(request.POST.get("form_token", ""))
    except signing.BadSignature:
        return False
    return True


def _thanks(case: Case) -> dict[str, Any]:
    link = cases.private_link_of(case, case.contact)
    assert link is not None
    (standing,) = queries.standings_of([case], at=clock.now())
    return {"case": case, "standing": standing, "url": reverse("portal:link", args=[link.token])}


class Asked:
    """One form of one category on its way to a case."""

    def __init__(self, request: HttpRequest, category: Category, *, by: Actor, channel: str) -> None:
        self.request, self.category, self.by, self.channel = request, category, by, channel
        given = request.POST if request.method == "POST" else None
        first = {
            "form_token": forms.signed_token(),
            "title": request.GET.get("title", "")[:200],
            "text": request.GET.get("text", "")[:2000],
        }
        self.form = forms.ReportForm(given, request.FILES if given else None, initial=first)
        self.reporter = None if by.is_customer else forms.ReporterForm(given)
        self.definition = queries.form_of_category(category)
        self.questions = (
            fields.form_of(self.definition, given, request.FILES if given else None, self._language())
            if self.definition
            else None
        )

    def context(self) -> dict[str, Any]:
        """What the page needs."""
        words = self.category.help or {}
        return {
            "category": self.category,
            "help": queries.in_words_of_reader(words) if words else "",
            "form": self.form,
            "reporter": self.reporter,
            "questions": self.questions,
            "most_bytes": settings.FILES_LARGEST_BYTES,
        }

    def answered(self, then: Any, *, template: str) -> HttpResponse:
        """The case it became, or the form again with what is wrong."""
        parts = [part for part in (self.form, self.questions, self.reporter) if part is not None]
        checked = [part.is_valid() for part in parts]  # each is asked, so that each says what is wrong
        if not all(checked):
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        if self.reporter is not None and self.reporter.cleaned_data["website"]:
            return page(self.request, "portal/robot.html")
        try:
            token = forms.token_of(self.form.cleaned_data["form_token"])
        except signing.BadSignature:
            self._renew()
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        try:
            answer, _is_new = once("portal.report", token, self._opened, at=clock.now())
        except throttle.TooMany as many:
            return too_many(self.request, many)
        except REFUSALS as wrong:
            self.form.add_error(None, str(wrong))
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        response: HttpResponse = then(Case.objects.with_people().get(pk=answer["case"]))
        return response

    def _renew(self) -> None:
        """Give a form that lay open for days a fresh token, with everything that was typed."""
        given = self.request.POST.copy()
        given["form_token"] = forms.signed_token()
        self.form = forms.ReportForm(given, self.request.FILES)
        self.form.add_error(None, _("This form was open for a long time. Please send it once more."))

    def _opened(self) -> dict[str, Any]:
        now = clock.now()
        facts = self.form.cleaned_data
        reporter = self._reporter()
        self._allow(reporter, now)
        case = actions.report_problem(
            title=facts["title"],
            text=facts["text"],
            category=self.category,
            answers=self.questions.answers() if self.questions else {},
            form_version=self.definition.version if self.definition else None,
            uploads=[*(self.questions.uploads() if self.questions else ()), *facts["uploads"]],
            channel=self.channel,
            reporter=reporter,
            by=self.by,
            at=now,
        )
        return {"case": case.pk}

    def _language(self) -> str:
        return translation.get_language() or settings.LANGUAGE_CODE

    def _reporter(self) -> actions.Reporter | None:
        if self.reporter is None:
            return None
        facts = self.reporter.cleaned_data
        return actions.Reporter(
            name=facts["name"],
            mail=facts["mail"],
            phone=facts["phone"],
            language=self._language(),
            time_zone=settings.TIME_ZONE,
        )

    def _allow(self, reporter: actions.Reporter | None, now: Any) -> None:
        hour, day = timedelta(hours=1), timedelta(days=1)
        if reporter is None:
            name = f"portal.report:contact:{self.by.contact}"
            throttle.allow(name, at_most=BY_ONE_CUSTOMER_AN_HOUR, within=hour, at=now)
            return
        throttle.allow(f"portal.report:ip:{ip_of(self.request)}", at_most=BY_ONE_AN_HOUR, within=hour, at=now)
        throttle.allow("portal.report:all", at_most=BY_ALL_AN_HOUR, within=hour, at=now)
        for address in filter(None, (reporter.mail, reporter.phone)):
            name = f"portal.report:to:{hash_of(address)}"
            throttle.allow(name, at_most=FOR_ONE_ADDRESS_A_DAY, within=day, at=now)
