from django.apps import AppConfig


class Cases(AppConfig):
    name = "tightrope.cases"
    label = "cases"

    def ready(self) -> None:
        from tightrope.cases import live, search  # noqa: F401 - search registers by being imported

        live.register()
