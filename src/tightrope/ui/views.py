"""The living style guide: every component in every state, for those who build pages and those who check them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from tightrope.ui import specimen_forms, specimens


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
