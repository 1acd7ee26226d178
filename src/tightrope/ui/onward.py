"""After a button was pressed: who pressed it, and the page that is seen next, with a sentence on it."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor


def doer(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def new_token() -> str:
    """What makes a second press of the same button known as such."""
    return secrets.token_urlsafe(16)


def ask_for_files_again(request: HttpRequest, form: Form) -> None:
    """Say on a form that could not be taken which files were with it: no browser keeps them for a second sending."""
    names = [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]
    if names:
        form.add_error(None, _("Please add your files once more: %(names)s.") % {"names": ", ".join(names)})


def done(request: HttpRequest, url: str, sentence: str = "") -> HttpResponse:
    """See another page (303) and say what was done."""
    if sentence:
        messages.success(request, sentence)
    return HttpResponseRedirect(url, status=303)


def refused(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """See another page (303) and say why nothing was done."""
    messages.error(request, sentence)
    return HttpResponseRedirect(url, status=303)
