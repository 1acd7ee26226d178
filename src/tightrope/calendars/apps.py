from django.apps import AppConfig


class Calendars(AppConfig):
    name = "tightrope.calendars"
    label = "calendars"
