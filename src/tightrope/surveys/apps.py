from django.apps import AppConfig


class Surveys(AppConfig):
    name = "tightrope.surveys"
    label = "surveys"
