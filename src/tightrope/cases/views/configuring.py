"""Where the desk is set up: the tree of categories, what is often said, the rules."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.cases.actions import configuring as act
from tightrope.cases.config_forms import CannedForm, CategoryForm
from tightrope.cases.models import CannedReply, Category, Rules
from tightrope.cases.placeholders import PLACEHOLDERS
from tightrope.cases.rules_form import RulesForm
from tightrope.cases.views.doors import see_other
from tightrope.core import clock
from tightrope.ui.onward import doer

REFUSED = (act.CodeTaken, act.CodeReserved, act.UnknownPlaceholder, act.CircularParent)


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories."""
    rows = list(Category.objects.select_related("team").order_by("sort", "code"))
    below: dict[int | None, list[Category]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    tree: list[dict[str, Any]] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for row in below.get(parent_id, []):
            tree.append({"row": row, "depth": depth, "indent": "—" * depth})
            walk(row.pk, depth + 1)

    walk(None, 0)
    return render(request, "cases/categories.html", {"tree": tree})


def category(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Add a category, or change one."""
    row = _row_or_404(Category, code)
    form = CategoryForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = act.save_category(row, facts=form.facts(), by=doer(request), at=clock.now())
        except REFUSED as refusal:
            form.add_error("parent" if isinstance(refusal, act.CircularParent) else "code", str(refusal))
        else:
            sentence = _("The category “%(name)s” is kept.") % {"name": saved.name}
            return see_other(request, reverse("cases:categories"), sentence)
    title = row.name if row else _("New category")
    context = {"form": form, "title": title, "back_url": reverse("cases:categories"), "back": _("Categories")}
    return render(request, "cases/setting.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def canned(request: HttpRequest) -> HttpResponse:
    """What is often said."""
    rows = CannedReply.objects.select_related("team", "category").order_by("code")
    return render(request, "cases/canned.html", {"rows": list(rows[:500])})


def canned_reply(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Add a canned reply, or change one."""
    row = _row_or_404(CannedReply, code)
    form = CannedForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            saved = act.save_canned(row, facts=form.facts(), by=doer(request), at=clock.now())
        except REFUSED as refusal:
            form.add_error("code" if isinstance(refusal, act.CodeTaken) else None, str(refusal))
        else:
            return see_other(request, reverse("cases:canned"), _("“%(name)s” is kept.") % {"name": saved})
    context = {
        "form": form,
        "title": str(row) if row else _("New canned reply"),
        "back_url": reverse("cases:canned"),
        "back": _("Canned replies"),
        "placeholders": [
            {"label": words, "value": f"{{{{{name}}}}}"} for name, (words, _fill) in PLACEHOLDERS.items()
        ],
    }
    return render(request, "cases/setting.html", context, status=422 if request.method == "POST" else 200)


def rules(request: HttpRequest) -> HttpResponse:
    """How the desk works: silence, calls, complaints."""
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm.of(Rules.in_force())
    if request.method == "POST" and form.is_valid():
        act.change_rules(facts=form.facts(), by=doer(request), at=clock.now())
        return see_other(request, reverse("cases:rules"), _("The rules are kept."))
    context = {
        "form": form,
        "title": _("Rules of the desk"),
        "back_url": reverse("cases:queue"),
        "back": _("Desk"),
        "explains": _(
            "By these rules the desk reminds, calls, closes, and takes what it hears for a complaint."
        ),
    }
    return render(request, "cases/setting.html", context, status=422 if request.method == "POST" else 200)


def _row_or_404(model: Any, code: str | None) -> Any:
    if code is None:
        return None
    row = model.objects.filter(code=code).first()
    if row is None:
        raise Http404(code)
    return row
