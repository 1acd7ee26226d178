from django.apps import AppConfig


class Notices(AppConfig):
    name = "tightrope.notices"
    label = "notices"

    def ready(self) -> None:
        """Let everybody join the topic of his own notices, and nobody that of another."""
        from tightrope.core import live

        live.topic("user", lambda by, name: by.user_id is not None and str(by.user_id) == name)
