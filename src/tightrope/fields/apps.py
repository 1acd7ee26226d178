from django.apps import AppConfig


class Fields(AppConfig):
    name = "tightrope.fields"
    label = "fields"
