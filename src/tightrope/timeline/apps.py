from django.apps import AppConfig


class Timeline(AppConfig):
    name = "tightrope.timeline"
    label = "timeline"
