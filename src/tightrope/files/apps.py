from django.apps import AppConfig


class Files(AppConfig):
    name = "tightrope.files"
    label = "files"
