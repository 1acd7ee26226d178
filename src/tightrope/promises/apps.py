from django.apps import AppConfig


class Promises(AppConfig):
    name = "tightrope.promises"
    label = "promises"
