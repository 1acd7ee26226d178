"""The programming interface: every act of the pages, for other programs, with API keys."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer


class PlainJson(BaseRenderer):
    """JSON with Chinese as it is written, not escaped."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":")).encode()


api = NinjaAPI(title="Tightrope", version="1", urls_namespace="api", renderer=PlainJson(), docs_url="/docs")

for _name in settings.CAPABILITIES:
    if find_spec(f"tightrope.{_name}.api"):
        api.add_router("", import_module(f"tightrope.{_name}.api").router)
