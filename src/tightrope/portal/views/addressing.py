"""Where a contact is reached, as he changes it himself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tightrope.core import clock, throttle
from tightrope.customers import actions as customers
from tightrope.customers.models import Address, Contact
from tightrope.portal import actions, forms
from tightrope.portal.views.doors import page, too_many
from tightrope.portal.views.mailed_links import behind_a_button
from tightrope.ui.onward import doer, done, refused


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new address."""
    by = doer(request)
    form = forms.AddressForm(request.POST)
    if not form.is_valid():
        return refused(
            request, _here(), " ".join(error for errors in form.errors.values() for error in errors)
        )
    contact = Contact.objects.get(pk=by.contact)
    try:
        value = actions.ask_for_address(contact, value=form.cleaned_data["address"], by=by, at=clock.now())
    except throttle.TooMany as many:
        return too_many(request, many)
    except (customers.BadAddress, actions.AlreadyConfirmed, actions.TooManyAddresses) as wrong:
        return refused(request, _here(), str(wrong))
    sentence = _("We have mailed a link to %(address)s. The address counts as soon as you have opened it.")
    return done(request, _here(), sentence % {"address": value})


@require_POST
def choose(request: HttpRequest, address_id: int) -> HttpResponse:
    """Use this one first."""
    try:
        actions.choose_address(_own(request, address_id), by=doer(request), at=clock.now())
    except actions.NotConfirmed as wrong:
        return refused(request, _here(), str(wrong))
    return done(request, _here(), _("The change is saved."))


@require_POST
def give_up(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take this one away."""
    try:
        actions.give_up_address(_own(request, address_id), by=doer(request), at=clock.now())
    except (customers.LastAddress, actions.LastWayIn) as wrong:
        return refused(request, _here(), str(wrong))
    return done(request, _here(), _("The change is saved."))


def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the new mailbox."""

    def add_it() -> HttpResponse:
        try:
            address = actions.add_proven_address(token, at=clock.now())
        except customers.AddressTaken:
            # Only the reader of this very mailbox gets here, so it tells a stranger nothing.
            return page(request, "portal/address_taken.html", status=409)
        url = _here() if doer(request).is_customer else reverse("portal:home")
        return done(request, url, _("%(address)s is confirmed.") % {"address": address.value})

    return behind_a_button(request, "portal/address_proof.html", add_it)


def _own(request: HttpRequest, address_id: int) -> Address:
    address = Address.objects.filter(pk=address_id, contact_id=doer(request).contact).first()
    if address is None:
        raise Http404("address")
    return address


def _here() -> str:
    return reverse("portal:profile")
