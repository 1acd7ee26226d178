from django.apps import AppConfig


class Cases(AppConfig):
    name = "tightrope.cases"
    label = "cases"
