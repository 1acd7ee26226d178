from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Surveys(AppConfig):
    name = "tightrope.surveys"
    label = "surveys"

    def ready(self) -> None:
        from tightrope.notices import kinds
        from tightrope.notices.models import Preference

        kinds.register("survey.follow_up", _("A customer waits for a return call"), way=Preference.Way.MAIL)
