from django.apps import AppConfig


class Notices(AppConfig):
    name = "tightrope.notices"
    label = "notices"

    def ready(self) -> None:
        """Let everybody join the topic of his own notices, and nobody that of another; name our own kind."""
        from django.utils.translation import gettext_lazy as _

        from tightrope.core import live
        from tightrope.notices import kinds
        from tightrope.notices.models import Preference

        live.topic("user", lambda by, name: by.user_id is not None and str(by.user_id) == name)
        kinds.register("alarm.answered", _("Somebody takes care of an alarm"), way=Preference.Way.INBOX)
