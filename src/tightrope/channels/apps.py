from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Channels(AppConfig):
    name = "tightrope.channels"
    label = "channels"

    def ready(self) -> None:
        from tightrope.channels import access
        from tightrope.core import live

        live.topic("conversation", access.may_follow)
        if find_spec("tightrope.files.access"):
            register = getattr(import_module("tightrope.files.access"), "register", None)
            if register is not None:
                register("message", access.may_read_message)
