"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from tightrope.surveys.views import answering, desk

app_name = "surveys"

urlpatterns = [
    path("surveys/", desk.listing, name="list"),
    path("surveys/answering/", desk.answering, name="answering"),
    path("surveys/calls/<slug:public_id>/", desk.call, name="call"),
    path("surveys/<slug:public_id>/", desk.one, name="one"),
    path("r/<slug:token>/", answering.answer, name="answer"),
    path("r/<slug:token>/recommendation/", answering.recommend, name="recommendation"),
]
