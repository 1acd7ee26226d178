"""Every address of the program. Each capability lists its own; a route must also be in the policy table."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tightrope.config.api import api
from tightrope.core import live

urlpatterns: list[URLPattern | URLResolver] = [
    path("live", live.stream, name="live"),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("tightrope.config.operations.urls")),
    *(
        path("", include(f"tightrope.{name}.urls"))
        for name in settings.CAPABILITIES
        if find_spec(f"tightrope.{name}.urls")
    ),
]

for _code in (400, 403, 404, 500):
    globals()[f"handler{_code}"] = f"tightrope.ui.errors.handler{_code}"

import_module("tightrope.config.policy")
