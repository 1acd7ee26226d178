from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Cases(AppConfig):
    name = "tightrope.cases"
    label = "cases"

    def ready(self) -> None:
        from tightrope.cases import access, live, search  # noqa: F401 - search registers by being imported
        from tightrope.cases.actions import clocks
        from tightrope.channels.access import register_reader
        from tightrope.files import access as files
        from tightrope.notices import kinds
        from tightrope.notices.models import Preference
        from tightrope.promises import subjects

        subjects.watch("case", clocks.follow_ledger)
        subjects.ask_waiting("case", clocks.waits_for)
        live.register()
        register_reader(access.reads_conversation)
        files.register("case", access.reads_case)
        kinds.register("case.duty_alarmed", _("A new case while I am on duty"), way=Preference.Way.MAIL)
        kinds.register("case.untriaged", _("Nobody looks at a new case"), way=Preference.Way.MAIL)
        kinds.register("case.report_missed", _("A customer hears nothing from us"), way=Preference.Way.MAIL)
