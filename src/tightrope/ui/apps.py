from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tightrope.ui"
    label = "ui"
    verbose_name = "Interface"
