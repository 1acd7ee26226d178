"""Duplicates: seeing them, judging them, merging and taking apart."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope.core import clock
from tightrope.customers import actions, forms, queries
from tightrope.customers.models import Account, Merge
from tightrope.customers.views.doors import account_or_404, url_of
from tightrope.ui.onward import doer, done, refused


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Accounts that may be one customer, and people who belong to none yet."""
    by = doer(request)
    context = {"pairs": queries.likely_duplicates(by), "strangers": queries.unjoined_contacts(by)}
    return render(request, "customers/duplicates.html", context)


@require_POST
def separate(request: HttpRequest) -> HttpResponse:
    """These two are two customers."""
    one = account_or_404(request, request.POST.get("first", ""))
    other = account_or_404(request, request.POST.get("second", ""))
    if one.pk == other.pk:
        return refused(request, reverse("customers:duplicates"), _("These are one account already."))
    actions.keep_apart(one, other, by=doer(request), at=clock.now())
    return done(request, reverse("customers:duplicates"), _("Noted: they are two customers."))


def merging(request: HttpRequest, public_id: str) -> HttpResponse:
    """What merging two accounts would join, and the merging itself."""
    keep = account_or_404(request, public_id)
    typed = request.GET.get("q", "")
    chosen = request.POST.get("with") or request.GET.get("with", "")
    if not chosen:
        alike = queries.suggest_accounts(
            name=typed or keep.name, by=doer(request), exclude=queries.family_of(keep.pk), limit=8
        )
        return render(
            request, "customers/merging_choice.html", {"account": keep, "alike": alike, "typed": typed}
        )
    gone = account_or_404(request, chosen)
    form = forms.MergeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = (
                actions.merge_accounts_with_conflicting_ids
                if form.cleaned_data["knowing_conflict"]
                else actions.merge_accounts
            )
            try:
                act(keep, gone, reason=form.cleaned_data["reason"], by=doer(request), at=clock.now())
                sentence = _("%(gone)s is now part of %(keep)s.") % {"gone": gone.name, "keep": keep.name}
                return done(request, url_of(keep), sentence)
            except (actions.ConflictingIds, actions.AlreadyMerged, actions.SameAccount) as wrong:
                form.add_error(None, str(wrong))
                status = 409
    return render(request, "customers/merging.html", _preview(keep, gone, form), status=status)


def _preview(keep: Account, gone: Account, form: forms.MergeForm) -> dict[str, object]:
    sides = []
    for side in (keep, gone):
        family = queries.family_of(side.pk)
        sides.append(
            {
                "account": side,
                "contacts": queries.contacts_of(family),
                "sites": queries.sites_of(family),
                "external_ids": list(side.external_ids.order_by("system")),
            }
        )
    conflicts = queries.conflicting_ids(keep.pk, gone.pk)
    return {"keep": keep, "gone": gone, "sides": sides, "conflicts": conflicts, "form": form}


@require_POST
def unmerge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    visible = Account.objects.visible_to(doer(request))
    merge = Merge.objects.select_related("keep", "gone").filter(pk=merge_id, keep__in=visible).first()
    if merge is None:
        raise Http404("merge")
    try:
        actions.unmerge_accounts(merge, by=doer(request), at=clock.now())
    except actions.NotTheLastMerge as stale:
        return refused(request, url_of(merge.keep), str(stale))
    sentence = _("%(gone)s and %(keep)s are two customers again.") % {
        "gone": merge.gone.name,
        "keep": merge.keep.name,
    }
    return done(request, url_of(merge.keep), sentence)
