"""People of a customer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.customers import actions, forms, queries
from tightrope.customers.access import Can
from tightrope.customers.lines import past_items
from tightrope.customers.models import Contact
from tightrope.customers.views.doors import account_or_404, contact_or_404, url_of
from tightrope.timeline.queries import events_of
from tightrope.ui.onward import doer, done, new_token, refused


def _url(contact: Contact) -> str:
    return reverse("customers:contact", args=[contact.public_id])


def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a person of an account."""
    account = account_or_404(request, public_id)
    by, now = doer(request), clock.now()
    if request.method != "POST":
        form = forms.ContactForm(account=account, initial={"form_token": new_token()})
        return render(request, "customers/new_contact.html", {"form": form, "account": account})
    form = forms.ContactForm(request.POST, account=account)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            once("form", facts["form_token"], lambda: _add(account, form, by, now), at=now)
            return done(request, url_of(account), _("%(name)s is added.") % {"name": facts["name"]})
        except (actions.AddressTaken, actions.BadAddress) as wrong:
            form.add_error(None, str(wrong))
    return render(request, "customers/new_contact.html", {"form": form, "account": account}, status=422)


def _add(account: Any, form: forms.ContactForm, by: Any, at: Any) -> dict[str, str]:
    facts = form.cleaned_data
    contact = actions.add_contact(
        account, name=facts["name"], position=facts["position"], language=facts["language"],
        time_zone=facts["time_zone"], sees_colleagues=facts["sees_colleagues"], addresses=form.addresses(), by=by, at=at,
    )  # fmt: skip
    return {"id": contact.public_id}


def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: how to reach him, what is on file, what happened."""
    shown = contact_or_404(request, public_id)
    if request.method != "POST":
        return render(request, "customers/contact.html", _context(request, shown))
    form = forms.EditContactForm(request.POST, contact=shown)
    if not form.is_valid():
        return render(request, "customers/contact.html", _context(request, shown, form=form), status=422)
    try:
        actions.change_contact(
            shown,
            changes=form.changes(),
            version=form.cleaned_data["version"],
            by=doer(request),
            at=clock.now(),
        )
    except actions.ChangedMeanwhile as meanwhile:
        form.add_error(None, str(meanwhile))
        fresh = Contact.objects.select_related("account").get(pk=shown.pk)
        context = _context(request, fresh, form=form, theirs=fresh)
        return render(request, "customers/contact.html", context, status=409)
    return done(request, _url(shown), _("The change is saved."))


def _context(
    request: HttpRequest, shown: Contact, form: forms.EditContactForm | None = None, **more: Any
) -> dict[str, Any]:
    by = doer(request)
    events, _older = events_of("contact", shown.pk, by=by, limit=20)
    return {
        "contact": shown,
        "account": shown.account,
        "addresses": list(shown.addresses.order_by("kind", "-is_primary", "pk")),
        "form": form or forms.EditContactForm(contact=shown),
        "address_form": forms.NewAddressForm(),
        "past": past_items(events),
        "may_edit": by.may(Can.EDIT),
        **more,
    }


@require_POST
def add_address(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more way to reach a person."""
    shown = contact_or_404(request, public_id)
    form = forms.NewAddressForm(request.POST)
    if not form.is_valid():
        return refused(request, _url(shown), " ".join(forms.errors_of(form)))
    try:
        actions.add_address(shown, **form.cleaned_data, by=doer(request), at=clock.now())
    except (actions.AddressTaken, actions.BadAddress) as wrong:
        return refused(request, _url(shown), str(wrong))
    return done(request, _url(shown), _("The change is saved."))


@require_POST
def remove_address(request: HttpRequest, public_id: str, address_id: int) -> HttpResponse:
    """One way less to reach a person."""
    shown = contact_or_404(request, public_id)
    address = shown.addresses.filter(pk=address_id).first()
    if address is None:
        raise Http404("address")
    try:
        actions.remove_address(address, by=doer(request), at=clock.now())
    except actions.LastAddress as last:
        return refused(request, _url(shown), str(last))
    return done(request, _url(shown), _("The change is saved."))


@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person said that something on file of him is right; then back to where he is spoken with."""
    shown, said = contact_or_404(request, public_id), request.POST.get("detail", "")
    by, now = doer(request), clock.now()
    if said == "person":
        actions.confirm_person(shown, by=by, at=now)
    else:
        number = said.removeprefix("address:")
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        address = shown.addresses.filter(pk=int(number)).first() if is_number else None
        if address is None:
            raise Http404("detail")
        actions.confirm_address(address, by=by, at=now)
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, None) and back.startswith("/")
    return done(request, back if is_ours else _url(shown), _("Noted as confirmed."))


@require_POST
def retire(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person no longer speaks for the customer."""
    shown = contact_or_404(request, public_id)
    actions.retire_contact(shown, by=doer(request), at=clock.now())
    sentence = _("%(name)s no longer speaks for the customer.") % {"name": shown.name}
    return done(request, url_of(shown.account) if shown.account else _url(shown), sentence)


def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say to which account somebody belongs who wrote to us unknown."""
    shown = contact_or_404(request, public_id)
    if request.method == "POST":
        account = account_or_404(request, request.POST.get("account", ""))
        try:
            actions.join_contact(shown, account, by=doer(request), at=clock.now())
        except actions.AlreadyJoined as joined:
            return refused(request, _url(shown), str(joined))
        sentence = _("%(name)s belongs to %(account)s.") % {"name": shown.name, "account": account.name}
        return done(request, _url(shown), sentence)
    typed = request.GET.get("q", "")
    addresses = shown.addresses.values_list("kind", "value")
    fitting = queries.suggest_accounts(
        name=typed or shown.name, addresses=addresses, by=doer(request), limit=8
    )
    return render(request, "customers/joining.html", {"contact": shown, "fitting": fitting, "typed": typed})
