from django.urls import path

from tightrope.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.inbox, name="inbox"),
    path("notices/reading/", views.reading, name="reading"),
    path("notices/<int:notice_id>/answer/", views.answer, name="answer"),
    path("notices/preferences/", views.preferences, name="preferences"),
]
