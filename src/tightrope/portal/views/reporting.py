"""Reporting a problem: what kind, then its form; here or in a frame of the company's own site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from tightrope.cases import actions as cases
from tightrope.cases.models import Case, Category
from tightrope.core import clock, throttle
from tightrope.core.actor import NOBODY, Actor
from tightrope.core.idempotency import once
from tightrope.fields import forms as fields
from tightrope.fields.queries import describe
from tightrope.fields.questions import GIVING_FILES
from tightrope.files import actions as files
from tightrope.portal import actions, forms, queries
from tightrope.portal.access import hash_of
from tightrope.portal.views import resending
from tightrope.portal.views.doors import ip_of, page, too_many
from tightrope.portal.views.resending import Given, Sent
from tightrope.ui.format import nearby
from tightrope.ui.onward import ask_for_files_again, doer, done

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

    def then(sent: Sent, sentence: str, url: str) -> HttpResponse:
        return done(request, url, sentence) if sentence else redirect(url)

    return asked.answered(then, template="portal/report.html")


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

        def then(sent: Sent, sentence: str, url: str) -> HttpResponse:
            (standing,) = queries.standings_of([sent.case], at=clock.now())
            shown = {"case": sent.case, "standing": standing, "url": sent.url, "sentence": sentence}
            return page(request, "portal/embedded_thanks.html", shown)

        response = asked.answered(then, template="portal/embedded.html")
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


Then = Callable[[Sent, str, str], HttpResponse]
"""What follows a report that was taken: its case, a sentence about it if there is one, and where it is seen."""


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
            "anew": forms.signed_token(),
        }

    def answered(self, then: Then, *, template: str) -> HttpResponse:
        """The case it became, or the form again with what is wrong or to be decided."""
        parts = [part for part in (self.form, self.questions, self.reporter) if part is not None]
        checked = [part.is_valid() for part in parts]  # each is asked, so that each says what is wrong
        if not all(checked):
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        if self.reporter is not None and self.reporter.cleaned_data["website"]:
            self._empty_trap()
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        try:
            # Sent again on purpose, as another report, the form comes with another mark.
            token = forms.token_of(self.request.POST.get("anew") or self.form.cleaned_data["form_token"])
        except signing.BadSignature:
            self._renew()
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)
        # Who signed in on another's computer does not come upon what the other has sent.
        key = f"{self.by.contact}:{token}" if self.by.is_customer else token
        try:
            answer, is_new = once("portal.report", key, self._opened, at=clock.now())
            sent = resending.sent_by(answer, self.by)
            if is_new:
                # A stranger sees a page of thanks; who signed in sees his case at once.
                return then(sent, _("We have your report.") if self.by.is_customer else "", sent.thanks_url)
            return self._again(sent, answer, key, then, template=template)
        except throttle.TooMany as many:
            return too_many(self.request, many)
        except REFUSALS as wrong:
            self.form.add_error(None, str(wrong))
            ask_for_files_again(self.request, self.form)
            return page(self.request, template, self.context(), status=422)

    def _again(
        self, sent: Sent, answer: dict[str, Any], key: str, then: Then, *, template: str
    ) -> HttpResponse:
        """The same form once more: lead to its case, add what is new to it, or ask what is meant (409)."""
        changed = resending.changed_since(answer, self._given())
        uploads = resending.added_since(answer, self._uploads())
        if not changed and not uploads and sent.url:
            at = nearby(sent.case.told_at, now=clock.now(), in_sentence=True)
            sentence = _("You reported this as %(number)s %(at)s. It was not sent a second time.")
            return then(sent, sentence % {"number": sent.case.number, "at": at}, sent.thanks_url)
        if "add" in self.request.POST and sent.takes_words:
            self._add(sent, changed, uploads, key)
            return then(sent, _("We have your message."), f"{sent.url}#words")
        ask_for_files_again(self.request, self.form)
        context = {**self.context(), "sent": sent, "has_changed": bool(changed or uploads)}
        return page(self.request, template, context, status=409)

    def _add(self, sent: Sent, changed: list[Given], uploads: list[UploadedFile[Any]], key: str) -> None:
        now, by = clock.now(), sent.by
        assert by is not None
        text = "\n\n".join(str(one) for one in changed)

        def written() -> dict[str, Any]:
            message = actions.write_on_case(sent.case, text=text, uploads=uploads, by=by, at=now)
            return {"message": message.pk}

        marks = ":".join([*(one.mark for one in changed), *(str(upload.name) for upload in uploads)])
        once("portal.report.added", f"{key}:{marks}", written, at=now)

    def _given(self) -> list[Given]:
        facts = self.form.cleaned_data
        given = [Given("title", facts["title"]), Given("text", facts["text"].strip())]
        if self.questions is not None and self.definition is not None:
            answers = self.questions.answers()
            for question in self.definition.asked():
                if question.key in answers and question.kind not in GIVING_FILES:
                    ((label, words),) = describe(
                        self.definition, {question.key: answers[question.key]}, self._language()
                    )
                    given.append(Given(f"q_{question.key}", words, label))
        if self.reporter is not None:
            given += [
                Given(name, self.reporter.cleaned_data[name], str(self.reporter.fields[name].label))
                for name in ("name", "mail", "phone")
            ]
        return given

    def _uploads(self) -> list[UploadedFile[Any]]:
        return [*(self.questions.uploads() if self.questions else ()), *self.form.cleaned_data["uploads"]]

    def _empty_trap(self) -> None:
        """A robot filled in the field that nobody sees, or a browser that fills in forms by itself: a person need
        only send it once more, and no word of his is lost."""
        given = self.request.POST.copy()
        given["website"] = ""
        self.reporter = forms.ReporterForm(given)
        self.form.add_error(
            None,
            _(
                "A hidden field was filled in that must stay empty; it is empty again. Please send it once more."
            ),
        )

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
            uploads=self._uploads(),
            channel=self.channel,
            reporter=reporter,
            by=self.by,
            at=now,
        )
        return resending.answer_of(case, self._given(), self._uploads())

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
