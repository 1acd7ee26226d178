import gc

from django.apps import AppConfig
from django.conf import settings

from tightrope.core import instants


class Core(AppConfig):
    name = "tightrope.core"
    label = "core"

    def ready(self) -> None:
        """What was loaded at the start stays: the collector need not look through it at every twentieth page."""
        instants.install()
        if settings.MODE == "production":
            gc.collect()
            gc.freeze()
            gc.set_threshold(20_000, 20, 50)
