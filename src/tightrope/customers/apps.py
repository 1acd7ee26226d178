from django.apps import AppConfig


class Customers(AppConfig):
    name = "tightrope.customers"
    label = "customers"

    def ready(self) -> None:
        from tightrope.customers import search

        search.register_kinds()
