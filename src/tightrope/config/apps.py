from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class Config(AppConfig):
    name = "tightrope.config"
    label = "config"

    def ready(self) -> None:
        """Let every capability declare what it adds: permissions, search, live topics."""
        for capability in settings.CAPABILITIES:
            for room in ("access", "events", "search", "panels"):
                if find_spec(f"tightrope.{capability}.{room}") and capability != "search":
                    import_module(f"tightrope.{capability}.{room}")
