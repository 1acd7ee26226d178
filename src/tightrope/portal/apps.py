from django.apps import AppConfig


class Portal(AppConfig):
    name = "tightrope.portal"
    label = "portal"
