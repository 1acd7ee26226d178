"""Addresses of the ledger. Random names lead to promises."""

from django.urls import path

from tightrope.promises.views import acts, lists, policies, streaks

app_name = "promises"
urlpatterns = [
    path("promises/", lists.due, name="due"),
    path("promises/ledger/", lists.ledger, name="ledger"),
    path("promises/streaks/", streaks.streak_list, name="streaks"),
    path("promises/new/", acts.new, name="new"),
    path("promises/policies/", policies.policy_list, name="policies"),
    path("promises/policies/new/", policies.new, name="new_policy"),
    path("promises/policies/<int:policy_id>/", policies.edit, name="policy"),
    path("promises/<str:public_id>/", lists.promise, name="promise"),
    path("promises/<str:public_id>/keeping/", acts.keep, name="keeping"),
    path("promises/<str:public_id>/replacement/", acts.replace, name="replacement"),
    path("promises/<str:public_id>/withdrawal/", acts.withdraw, name="withdrawal"),
    path("promises/<str:public_id>/giving/", acts.give, name="giving"),
]
