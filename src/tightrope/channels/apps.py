from django.apps import AppConfig


class Channels(AppConfig):
    name = "tightrope.channels"
    label = "channels"
