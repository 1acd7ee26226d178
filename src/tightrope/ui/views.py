"""The living style guide: every component in every state, for those who build pages and those who check them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tightrope.ui import specimen_forms, specimens
from tightrope.ui.templatetags.ui import SCHEMES

A_YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """One page of the guide in the language and scheme the address asks for (``?page=desk&in=zh-hans&scheme=dark``)."""
    page = request.GET.get("page", "components")
    language = specimens.known_language(request.GET.get("in", "") or translation.get_language() or "en")
    with translation.override(language):
        context = specimens.guide(page=page, language=language, now=timezone.now())
        context["scheme"] = request.GET.get("scheme", "")
        context["form"] = specimen_forms.FaultReport({"subject": "", "channel": "phone"})
        context["sign_in"] = specimen_forms.SignIn()
        template = page if page in context["pages"] else "components"
        return render(request, f"ui/style/{template}.html", context)


@require_POST
def choose_scheme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of light or dark in a cookie; anything else follows the system again."""
    there = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = "/"
    answer = redirect(there)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        answer.set_cookie(
            "scheme",
            chosen,
            max_age=A_YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie("scheme", samesite="Lax")
    return answer
