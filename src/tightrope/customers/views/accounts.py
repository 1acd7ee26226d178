"""The list, the account page, opening and changing an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope import timeline
from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.core.paging import BadCursor, page_by_key
from tightrope.customers import actions, forms, queries
from tightrope.customers.access import Can
from tightrope.customers.lines import past_items
from tightrope.customers.models import Account
from tightrope.customers.panels import ahead_of, panels_of
from tightrope.customers.queries.accounts import ORDERS
from tightrope.customers.views.doors import account_or_404, url_of
from tightrope.customers.wording import fact_word, field_word
from tightrope.people.models import Region
from tightrope.timeline.queries import notes_of
from tightrope.ui.onward import doer, done, new_token, refused

LIKELY = 0.6
"""From this score on, who opens an account is first asked whether it is one of these."""
LINE_LENGTH = 30


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """The customers this doer may see, by name or newest first."""
    by = doer(request)
    form = forms.FilterForm(request.GET)
    rows = queries.accounts_for(by, **form.filters(user_id=by.user_id))
    try:
        page = page_by_key(rows, order=ORDERS[form.order_by], after=request.GET.get("after"), size=50)
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    return render(
        request,
        "customers/list.html",
        {
            "page": page,
            "wanted": form.cleaned_data,
            "is_filtered": any(value for name, value in form.cleaned_data.items() if name != "order"),
            "order": form.order_by,
            "regions": Region.objects.order_by("name"),
            "tags": queries.known_tags(),
            "importances": Account.Importance.choices,
            "stages": Account.Stage.choices,
            "kinds": Account.Kind.choices,
            "may_edit": by.may(Can.EDIT),
            "may_merge": by.may(Can.MERGE),
        },
    )


@require_GET
def account(request: HttpRequest, public_id: str) -> HttpResponse:
    """One customer: what is promised, what happened, and everything that belongs to it."""
    shown = account_or_404(request, public_id)
    if shown.is_merged and "as-it-was" not in request.GET:
        root = queries.root_of(shown)
        if Account.objects.visible_to(doer(request)).filter(pk=root.pk).exists():
            return redirect(url_of(root))
    template = "customers/account.html#line" if request.htmx else "customers/account.html"  # type: ignore[attr-defined]
    return render(request, template, _account_context(request, shown))


def _account_context(request: HttpRequest, shown: Account, **more: Any) -> dict[str, Any]:
    by, now = doer(request), clock.now()
    family = queries.family_of(shown.pk)
    contacts, sites = queries.contacts_of(family), queries.sites_of(family)
    panels = panels_of("account", shown, by=by, at=now)
    ahead = ahead_of(panels)
    line = queries.line_of(family, by=by, limit=LINE_LENGTH)
    return {
        "account": shown,
        "now": now,
        "contacts": contacts,
        "sites": sites,
        "panels": [panel for panel in panels if panel.template],
        "ahead": ahead,
        "next_up": ahead[-1] if ahead else None,
        "past": past_items(line.events),
        "older": line.older,
        "facts": _facts_of(shown),
        "notes": notes_of("account", shown.pk)[::-1],
        "completeness": queries.completeness_of(shown, contacts=contacts, sites=sites, at=now),
        "external_ids": list(shown.external_ids.order_by("system")),
        "merges": queries.standing_merges_of(shown) if by.may(Can.MERGE) else [],
        "note_form": forms.NoteForm(),
        "stage_form": forms.StageForm(initial={"stage": shown.stage}),
        "external_id_form": forms.ExternalIdForm(),
        "may_edit": by.may(Can.EDIT),
        "may_merge": by.may(Can.MERGE),
        **more,
    }


def _facts_of(shown: Account) -> list[dict[str, Any]]:
    standing: list[dict[str, Any]] = [
        {"label": field_word("owner"), "value": shown.owner},
        {"label": field_word("team"), "value": shown.team},
        {"label": field_word("region"), "value": shown.region},
        {"label": field_word("language"), "value": fact_word("language", shown.language)},
        {"label": field_word("time_zone"), "value": shown.time_zone.replace("_", " ")},
    ]
    return standing + [
        {"label": name, "value": fact_word("", value)} for name, value in shown.answers.items()
    ]


@require_GET
def line(request: HttpRequest, public_id: str) -> HttpResponse:
    """What happened earlier: a fragment for the page, or a page of its own without JavaScript."""
    shown = account_or_404(request, public_id)
    try:
        page = queries.line_of(
            queries.family_of(shown.pk), by=doer(request), before=request.GET.get("before"), limit=LINE_LENGTH
        )
    except (BadCursor, KeyError):
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    context = {"account": shown, "past": past_items(page.events), "older": page.older}
    template = "customers/line.html#older" if request.htmx else "customers/line.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    """How many customers are in each stage of their life with us, and how long they usually stay."""
    return render(
        request, "customers/stages.html", {"funnel": queries.stage_funnel(doer(request), at=clock.now())}
    )


def new(request: HttpRequest) -> HttpResponse:
    """Open an account; first ask whether it is one we have."""
    by, now = doer(request), clock.now()
    if request.method != "POST":
        form = forms.NewAccountForm(initial={"form_token": new_token(), "name": request.GET.get("name", "")})
        return render(request, "customers/new.html", {"form": form})
    form = forms.NewAccountForm(request.POST)
    if not form.is_valid():
        return render(request, "customers/new.html", {"form": form}, status=422)
    facts = form.cleaned_data
    if not facts["anyway"]:
        alike = queries.suggest_accounts(name=facts["name"], addresses=form.addresses(), by=by)
        alike = [one for one in alike if one.score >= LIKELY]
        if alike:
            return render(request, "customers/new.html", {"form": form, "alike": alike}, status=409)
    try:
        answer, _is_new = once(
            "form", facts["form_token"], lambda: {"id": _open(form, by=by, at=now)}, at=now
        )
    except (actions.AddressTaken, actions.BadAddress) as wrong:
        form.add_error(None, str(wrong))
        return render(request, "customers/new.html", {"form": form}, status=422)
    return redirect("customers:account", public_id=answer["id"])


def _open(form: forms.NewAccountForm, *, by: Any, at: Any) -> str:
    facts = form.cleaned_data
    is_person = facts["kind"] == Account.Kind.PERSON
    opened = actions.open_account(
        name=facts["name"], kind=facts["kind"], language=facts["language"], time_zone=facts["time_zone"],
        region=facts["region"], owner=facts["owner"], team=facts["team"], importance=facts["importance"],
        stage=facts["stage"], tags=facts["tags"], answers=facts["answers"],
        addresses=form.addresses() if is_person else (), by=by, at=at,
    )  # fmt: skip
    if not is_person and facts["contact_name"]:
        actions.add_contact(
            opened,
            name=facts["contact_name"],
            language=facts["language"],
            addresses=form.addresses(),
            by=by,
            at=at,
        )
    return opened.public_id


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what is on file; two who change at once see both texts."""
    shown = account_or_404(request, public_id)
    if request.method != "POST":
        form = forms.EditAccountForm(account=shown, data=None)
        form.initial["version"] = shown.version
        return render(request, "customers/edit.html", {"form": form, "account": shown})
    form = forms.EditAccountForm(request.POST, account=shown)
    if not form.is_valid():
        return render(request, "customers/edit.html", {"form": form, "account": shown}, status=422)
    try:
        actions.change_account(
            shown,
            changes=form.changes(),
            version=form.cleaned_data["version"],
            by=doer(request),
            at=clock.now(),
        )
    except actions.ChangedMeanwhile as meanwhile:
        return _conflict(request, shown, form, meanwhile.current)
    return done(request, url_of(shown), _("The change is saved."))


def _conflict(
    request: HttpRequest, shown: Account, form: forms.EditAccountForm, current: Any
) -> HttpResponse:
    differing = [
        {
            "label": field_word(name),
            "theirs": fact_word(name, getattr(current, name)),
            "yours": fact_word(name, yours),
        }
        for name, yours in form.changes().items()
        if getattr(current, name) != yours
    ]
    retyped = request.POST.copy()
    retyped["version"] = str(current.version)
    form = forms.EditAccountForm(retyped, account=current)
    form.is_valid()
    context = {"form": form, "account": shown, "differing": differing}
    return render(request, "customers/edit.html", context, status=409)


@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customer went through the file and it is right."""
    shown = account_or_404(request, public_id)
    actions.confirm_account(shown, by=doer(request), at=clock.now())
    return done(request, url_of(shown), _("Noted: what we have on file is right."))


@require_POST
def move_stage(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another stage of the customer's life with us."""
    shown = account_or_404(request, public_id)
    form = forms.StageForm(request.POST)
    if not form.is_valid():
        return refused(request, url_of(shown), _("A change of stage needs a reason."))
    facts = form.cleaned_data
    actions.move_stage(
        shown, stage=facts["stage"], because=facts["because"], by=doer(request), at=clock.now()
    )
    return done(request, url_of(shown), _("The change is saved."))


@require_POST
def add_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A word for colleagues."""
    shown = account_or_404(request, public_id)
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        return refused(request, url_of(shown), _("A note cannot be empty."))
    timeline.add_note(shown, form.cleaned_data["body"], by=doer(request), at=clock.now(), account_id=shown.pk)
    return done(request, url_of(shown), _("The note is kept for colleagues."))


@require_POST
def note_external_id(request: HttpRequest, public_id: str) -> HttpResponse:
    """What another system calls the account."""
    shown = account_or_404(request, public_id)
    form = forms.ExternalIdForm(request.POST)
    if not form.is_valid():
        return refused(request, url_of(shown), " ".join(forms.errors_of(form)))
    try:
        actions.note_external_id(shown, **form.cleaned_data, by=doer(request), at=clock.now())
    except actions.ExternalIdTaken as taken:
        return refused(request, url_of(shown), str(taken))
    return done(request, url_of(shown), _("The change is saved."))
