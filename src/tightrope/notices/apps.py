from django.apps import AppConfig


class Notices(AppConfig):
    name = "tightrope.notices"
    label = "notices"
