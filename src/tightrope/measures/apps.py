from django.apps import AppConfig


class Measures(AppConfig):
    name = "tightrope.measures"
    label = "measures"
