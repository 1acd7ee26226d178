"""The first page: my cases, or the two ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.customers import actions as customers
from tightrope.customers.models import Account, Contact
from tightrope.portal import forms, queries
from tightrope.portal.views.doors import page
from tightrope.ui.onward import doer, done


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My cases with their lights, or for a stranger: report, or sign in."""
    by = doer(request)
    if not by.is_customer:
        stranger = request.user.is_authenticated
        return page(request, "portal/welcome.html", {"form": forms.AddressForm(), "stranger": stranger})
    view = "all" if request.GET.get("view") == "all" else "open"
    try:
        found = queries.my_cases(by=by, view=view, after=request.GET.get("after"))
    except BadCursor:
        return redirect("portal:home")
    context = {
        "standings": queries.standings_of(found.rows, at=clock.now()),
        "view": view,
        "next": found.next,
        "is_first": found.is_first,
        "by": by,
    }
    return page(request, "portal/home.html", context)


def profile(request: HttpRequest) -> HttpResponse:
    """What we have on file of me: how I am called, in which language, where I am reached."""
    by = doer(request)
    contact = Contact.objects.select_related("account", "user").get(pk=by.contact)
    if request.method != "POST":
        return page(request, "portal/profile.html", _profile(contact, forms.ProfileForm(contact=contact)))
    form = forms.ProfileForm(request.POST, contact=contact)
    if form.is_valid():
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        try:
            customers.change_contact(contact, changes=changes, version=version, by=by, at=clock.now())
            return done(request, request.path, _("The change is saved."))
        except customers.ChangedMeanwhile as meanwhile:
            form.add_error(None, str(meanwhile))
            return page(request, "portal/profile.html", _profile(contact, form), status=409)
    return page(request, "portal/profile.html", _profile(contact, form), status=422)


def _profile(contact: Contact, form: forms.ProfileForm) -> dict[str, object]:
    colleagues: list[Contact] = []
    if contact.sees_colleagues and contact.account_id:
        rows = Contact.objects.filter(account_id=contact.account_id, is_active=True).exclude(pk=contact.pk)
        colleagues = list(rows.order_by("name")[:200])
    return {
        "form": form,
        "address_form": forms.AddressForm(),
        "contact": contact,
        "account": Account.objects.filter(pk=contact.account_id).first(),
        "addresses": list(contact.addresses.order_by("kind", "-is_primary", "pk")),
        "colleagues": colleagues,
        "has_password": contact.user is not None and contact.user.has_usable_password(),
    }
