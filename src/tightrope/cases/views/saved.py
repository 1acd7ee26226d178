"""Filters of the queue, and views that are kept under a name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope.cases import queries
from tightrope.cases.actions.viewing import remove_view, save_view
from tightrope.cases.forms import FilterForm, SaveViewForm
from tightrope.cases.models import SavedView
from tightrope.cases.queries import Filter
from tightrope.cases.views.doors import see_other
from tightrope.cases.views.queue import query_of
from tightrope.ui.onward import doer


@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """Which cases the list shows; the form leads back to the list."""
    wanted = Filter.from_address(request.GET)
    by = doer(request)
    form = FilterForm(
        initial={
            "view": wanted.view,
            "team": wanted.team_id,
            "category": wanted.category_id,
            "type": wanted.type,
            "tier": wanted.tier,
            "tag": wanted.tag,
        }
    )
    context = {
        "form": form,
        "address": query_of(wanted),
        "save_form": SaveViewForm(initial={"query": query_of(wanted)}),
        "saved_views": queries.saved_views(by=by),
        "user_id": by.user_id,
    }
    return render(request, "cases/filters.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a view under a name."""
    form = SaveViewForm(request.POST)
    back = reverse("cases:queue")
    if not form.is_valid():
        return HttpResponseRedirect(
            f"{reverse('cases:filters')}?{request.POST.get('query', '')[:500]}", status=303
        )
    facts = form.cleaned_data
    # Only what the queue itself understands is kept, in its own spelling.
    query = query_of(Filter.from_address(QueryDict(facts["query"]).dict()))
    save_view(name=facts["name"], query=query, is_shared=facts["is_shared"], by=doer(request))
    return see_other(request, f"{back}?{query}", _("The view “%(name)s” is kept.") % {"name": facts["name"]})


@require_POST
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one of one's own views."""
    by = doer(request)
    view = SavedView.objects.filter(pk=view_id, user_id=by.user_id or 0).first()
    if view is None:
        raise Http404("view")
    remove_view(view, by=by)
    return see_other(request, reverse("cases:filters"), _("The view is forgotten."))
