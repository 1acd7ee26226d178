"""Who works here, in which teams, with which hats; and keys for programs."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tightrope.core import clock
from tightrope.core.paging import page_by_key
from tightrope.people import actions, queries
from tightrope.people.access import known_permissions
from tightrope.people.forms import (
    AddressForm,
    DisableForm,
    KeyForm,
    PersonForm,
    RoleForm,
    RolesForm,
    TeamForm,
)
from tightrope.people.invitations import token_for
from tightrope.people.lines import past_of
from tightrope.people.models import ApiKey, Grant, Role, Team, User
from tightrope.people.presets import known_presets
from tightrope.ui.onward import doer


def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here."""
    staff = User.objects.filter(holdings__isnull=False).distinct()
    rows = page_by_key(
        staff.prefetch_related("roles", "teams"), order=("name", "pk"), after=request.GET.get("after")
    )
    return render(request, "people/people.html", {"page": rows})


def invite(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in: a mail with a link to set a password goes out."""
    form = PersonForm(request.POST or None, initial={"language": doer(request).language})
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.invite_user(**form.cleaned_data, by=doer(request), at=clock.now())
        except actions.AddressTaken as refusal:
            form.add_error("email", str(refusal))
        else:
            _send_invitation(user)
            messages.success(request, _("%(name)s was invited by mail.") % {"name": user.name})
            return redirect("people:user", user.pk)
    return render(
        request,
        "people/form.html",
        {"form": form, "heading": _("Invite somebody")},
        status=422 if form.errors else 200,
    )


def _send_invitation(user: User) -> None:
    link = f"{settings.PUBLIC_URL}{reverse('people:welcome', args=[token_for(user)])}"
    with translation.override(user.language):
        text = _("You are invited to %(company)s. Set your password here:\n%(link)s") % {
            "company": settings.COMPANY_NAME,
            "link": link,
        }
        send_mail(_("Your invitation"), text, settings.MAIL_FROM, [user.email])


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, teams, address, a new invitation, the end of access, and what happened."""
    user = get_object_or_404(User, pk=pk)
    act = request.POST.get("act", "")
    roles_form = RolesForm(
        request.POST if act == "roles" else None,
        initial={"roles": user.roles.all(), "teams": user.teams.all()},
    )
    disable_form = DisableForm(request.POST if act == "disable" else None)
    address_form = AddressForm(request.POST if act == "address" else None, initial={"email": user.email})
    try:
        if act == "roles" and roles_form.is_valid():
            actions.change_roles(user, **roles_form.cleaned_data, by=doer(request), at=clock.now())
            return redirect("people:user", pk)
        if act == "disable" and disable_form.is_valid():
            actions.disable_user(
                user, reason=disable_form.cleaned_data["reason"], by=doer(request), at=clock.now()
            )
            return redirect("people:user", pk)
        if act == "address" and address_form.is_valid():
            email = address_form.cleaned_data["email"]
            actions.change_mail_address(user, email=email, by=doer(request), at=clock.now())
            return redirect("people:user", pk)
        if act == "enable":
            actions.enable_user(user, by=doer(request), at=clock.now())
            return redirect("people:user", pk)
        if act == "invite" and user.is_active:
            _send_invitation(user)
            messages.success(request, _("%(name)s was invited by mail.") % {"name": user.name})
            return redirect("people:user", pk)
    except (actions.LastAdministrator, actions.AddressTaken) as refusal:
        messages.error(request, str(refusal))
        return redirect("people:user", pk)
    forms = (roles_form, disable_form, address_form)
    return render(
        request,
        "people/person.html",
        {
            "someone": user,
            "roles_form": roles_form,
            "disable_form": disable_form,
            "address_form": address_form,
            "keys": queries.keys_of(user, at=clock.now()),
            "past": past_of("user", user.pk, by=doer(request)),
        },
        status=422 if any(form.errors for form in forms) else 200,
    )


def teams(request: HttpRequest) -> HttpResponse:
    """Every team."""
    return render(
        request, "people/teams.html", {"teams": Team.objects.select_related("region").order_by("name")}
    )


def team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new team, or a change of one."""
    known = get_object_or_404(Team, pk=pk) if pk else None
    fields = ("name", "code", "region", "tier", "is_department", "is_open")
    initial = {name: getattr(known, name) for name in fields} if known else {"is_open": True}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_team(known, **form.cleaned_data, by=doer(request), at=clock.now())
        except actions.NameTaken as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("people:teams")
    context = {
        "form": form,
        "heading": known.name if known else _("New team"),
        "past": past_of("team", known.pk, by=doer(request)) if known else [],
    }
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


def roles(request: HttpRequest) -> HttpResponse:
    """Every role beside every permission."""
    shown = list(Role.objects.prefetch_related("grants").order_by("name"))
    labels = dict(Grant.SCOPES)
    table = [
        (
            label,
            [
                labels.get({g.permission: g.scope for g in role.grants.all()}.get(permission, 0), "")
                for role in shown
            ],
        )
        for permission, label in known_permissions().items()
    ]
    return render(request, "people/roles.html", {"roles": shown, "table": table})


def role(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new role, or a change of one."""
    known = get_object_or_404(Role, pk=pk) if pk else None
    grants = dict(known.grants.values_list("permission", "scope")) if known else {}
    form = RoleForm(request.POST or None, initial={"name": known.name if known else ""}, grants=grants)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_role(
                known, name=form.cleaned_data["name"], grants=form.grants(), by=doer(request), at=clock.now()
            )
        except (actions.LastAdministrator, actions.NameTaken) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("people:roles")
    context = {
        "form": form,
        "heading": _(known.name) if known else _("New role"),
        "past": past_of("role", known.pk, by=doer(request)) if known else [],
    }
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


def presets(request: HttpRequest) -> HttpResponse:
    """Put the roles of a small firm or of a manufacturer in place; what is there keeps its holders."""
    known = known_presets()
    chosen = request.POST.get("preset", "")
    if request.method == "POST" and chosen in known:
        actions.apply_presets(known[chosen], by=doer(request), at=clock.now())
        messages.success(request, _("The roles are in place; nobody lost one."))
        return redirect("people:roles")
    have = set(Role.objects.values_list("code", flat=True))
    shown = [
        (code, [(preset.name, preset.code in have) for preset in presets]) for code, presets in known.items()
    ]
    return render(request, "people/presets.html", {"presets": shown})


def keys(request: HttpRequest) -> HttpResponse:
    """Keys for programs: make one (its secret is shown once), revoke one, take one over."""
    by = doer(request)
    allowed = {name: label for name, label in known_permissions().items() if by.may(name)}
    act = request.POST.get("act", "")
    form = KeyForm(request.POST if act == "make" else None, allowed=allowed)
    context: dict[str, Any] = {"keys": queries.newest_keys(at=clock.now()), "form": form}
    if act == "make" and form.is_valid():
        until = form.cleaned_data["expires_on"]
        _key, secret = actions.make_key(
            name=form.cleaned_data["name"],
            grants={name: by.grants[name] for name in form.cleaned_data["permissions"]},
            expires_at=datetime.combine(until, time(), UTC) if until else None,
            by=by,
            at=clock.now(),
        )
        context |= {"secret": secret, "form": KeyForm(allowed=allowed)}
    elif act in {"revoke", "take over"}:
        chosen = request.POST.get("key", "")
        key = get_object_or_404(ApiKey, pk=int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
        return _change_key(request, key, act)
    return render(request, "people/keys.html", context, status=422 if form.errors else 200)


def _change_key(request: HttpRequest, key: ApiKey, act: str) -> HttpResponse:
    by = doer(request)
    try:
        if act == "revoke":
            actions.revoke_key(key, by=by, at=clock.now())
        else:
            actions.take_over_key(key, by=by, at=clock.now())
            messages.success(request, _("You answer for the key %(name)s now.") % {"name": key.name})
    except (actions.KeyOver, actions.WiderThanOwn) as refusal:
        messages.error(request, str(refusal))
    return redirect("people:keys")


def key(request: HttpRequest, pk: int) -> HttpResponse:
    """One key: what it may, who answers for it, and what happened to it."""
    known = get_object_or_404(ApiKey.objects.select_related("made_by", "taken_over_by"), pk=pk)
    by = doer(request)
    context = {
        "key": known,
        "ending": known.ending(at=clock.now()),
        "is_mine": known.owner.pk == by.user_id,
        "past": past_of("apikey", known.pk, by=by),
    }
    return render(request, "people/key.html", context)
