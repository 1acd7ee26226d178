from django.apps import AppConfig


class People(AppConfig):
    name = "tightrope.people"
    label = "people"
