from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Promises(AppConfig):
    name = "tightrope.promises"
    label = "promises"

    def ready(self) -> None:
        """Make the notices of the clocks known to everybody's preferences."""
        from tightrope.notices import kinds
        from tightrope.notices.models import Preference

        kinds.register("promise.warned", _("Much of a promise's time is used up"))
        kinds.register("promise.due", _("A promise is due"), way=Preference.Way.MAIL)
