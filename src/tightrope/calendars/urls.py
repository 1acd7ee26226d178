"""Addresses of the working calendars."""

from django.urls import path

from tightrope.calendars import views

app_name = "calendars"
urlpatterns = [
    path("calendars/", views.calendar_list, name="list"),
    path("calendars/new/", views.new, name="new"),
    path("calendars/<int:calendar_id>/hours/", views.edit, name="edit"),
    path("calendars/<int:calendar_id>/<int:number>/", views.show_year, name="year"),
    path("calendars/<int:calendar_id>/<int:number>/confirmation/", views.confirm, name="confirmation"),
    path("calendars/<int:calendar_id>/days/<str:on>/", views.day, name="day"),
]
