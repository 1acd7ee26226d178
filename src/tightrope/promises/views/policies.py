"""The policies: which cases get which promises, and trying them out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tightrope.core import clock
from tightrope.customers.models import Account
from tightrope.promises import actions, explain, forms, queries
from tightrope.promises.access import Can
from tightrope.promises.models import Policy
from tightrope.ui.onward import doer, done

Targets = formset_factory(forms.TargetForm, extra=3, max_num=24)


@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Every policy in words, and beside it what a case like this would be promised."""
    policies = list(Policy.objects.prefetch_related("targets__calendar").order_by("-is_active", "pk"))
    names = explain.Names(policies)
    now = clock.now()
    asked = bool(request.GET)
    form = forms.TryForm(
        request.GET if asked else None,
        initial={"told_at": timezone.localtime(now), "severity": 3, "tier": 1},
    )
    expected: list[explain.Expected] = []
    judged: list[explain.Judged] = []
    if asked and form.is_valid():
        expected, judged = explain.tried(_facts(form, request), told_at=form.cleaned_data["told_at"])
    return render(
        request,
        "promises/policies.html",
        {
            "now": now,
            "policies": [
                {"policy": policy, "conditions": explain.conditions_of(policy, names)} for policy in policies
            ],
            "form": form,
            "was_tried": asked and form.is_valid(),
            "expected": expected,
            "judged": judged,
            "may_configure": doer(request).may(Can.CONFIGURE),
        },
    )


def _facts(form: forms.TryForm, request: HttpRequest) -> queries.PolicyFacts:
    said = form.cleaned_data
    account = Account.objects.visible_to(doer(request)).filter(number=said["account"].strip()).first()
    return queries.PolicyFacts(
        category_ids=explain.category_path(int(said["category"]) if said["category"] else None),
        severity=said["severity"],
        account_id=account.pk if account else None,
        importance=account.importance if account else 1,
        case_type=said["case_type"],
        tier=said["tier"],
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a policy."""
    return _write(request, None, clock.now())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Change a policy."""
    policy = Policy.objects.prefetch_related("targets").filter(pk=policy_id).first()
    if policy is None:
        raise Http404("policy")
    return _write(request, policy, clock.now())


def _write(request: HttpRequest, policy: Policy | None, now: datetime) -> HttpResponse:
    initial: dict[str, Any] = forms.PolicyForm.initial_of(policy) if policy else {}
    rows = [forms.TargetForm.initial_of(target) for target in policy.targets.all()] if policy else []
    form = forms.PolicyForm(request.POST or None, initial=initial)
    targets = Targets(request.POST or None, initial=rows, prefix="targets")
    if request.method == "POST" and form.is_valid() and targets.is_valid():
        try:
            saved = actions.save_policy(
                policy,
                name=form.cleaned_data["name"],
                conditions=form.conditions,
                targets=[row.terms for row in targets if row.terms is not None],
                is_active=form.cleaned_data["is_active"],
                version=form.cleaned_data["version"],
                by=doer(request),
                at=now,
            )
        except (actions.BadPolicy, actions.ChangedMeanwhile) as error:
            form.add_error(None, str(error))
        else:
            sentence = _("“%(name)s” holds from now on. Promises already made stay as they were said.")
            return done(request, reverse("promises:policies"), sentence % {"name": saved.name})
    status = 422 if form.errors or any(targets.errors) else 200
    return render(
        request,
        "promises/policy.html",
        {"policy": policy, "form": form, "targets": targets},
        status=status,
    )
