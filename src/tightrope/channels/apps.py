from django.apps import AppConfig


class Channels(AppConfig):
    name = "tightrope.channels"
    label = "channels"

    def ready(self) -> None:
        from tightrope.channels import access, originals
        from tightrope.core import live
        from tightrope.files import access as files
        from tightrope.files import queries

        live.topic("conversation", access.may_follow)
        files.register("message", access.may_read_message)
        queries.register_holder(originals.known_keys)
