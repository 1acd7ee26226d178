from django.apps import AppConfig


class Core(AppConfig):
    name = "tightrope.core"
    label = "core"
