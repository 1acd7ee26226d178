"""Addresses of the working calendars."""

from django.urls import path

from tightrope.calendars import duty_views, views

app_name = "calendars"
urlpatterns = [
    path("calendars/", views.calendar_list, name="list"),
    path("calendars/new/", views.new, name="new"),
    path("calendars/duty/", duty_views.roster, name="duty"),
    path("calendars/duty/<int:team_id>/", duty_views.team_roster, name="duty_of_team"),
    path("calendars/duty/<int:team_id>/weeks/", duty_views.weekly, name="weekly_duty"),
    path("calendars/duty/<int:team_id>/shifts/", duty_views.once, name="duty_once"),
    path("calendars/duty/shifts/<int:duty_id>/removal/", duty_views.end, name="duty_end"),
    path("calendars/<int:calendar_id>/hours/", views.edit, name="edit"),
    path("calendars/<int:calendar_id>/<int:number>/", views.show_year, name="year"),
    path("calendars/<int:calendar_id>/<int:number>/confirmation/", views.confirm, name="confirmation"),
    path("calendars/<int:calendar_id>/days/<str:on>/", views.day, name="day"),
]
