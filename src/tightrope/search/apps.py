from django.apps import AppConfig


class Search(AppConfig):
    name = "tightrope.search"
    label = "search"
