from django.apps import AppConfig


class Customers(AppConfig):
    name = "tightrope.customers"
    label = "customers"

    def ready(self) -> None:
        from tightrope.core import live
        from tightrope.customers import access, search

        search.register_kinds()
        live.topic("account", access.may_follow)
