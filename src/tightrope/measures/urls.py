from django.urls import path

from tightrope.measures import views

app_name = "measures"
urlpatterns = [
    path("", views.start, name="start"),
    path("figures/", views.overview, name="overview"),
    path("figures/dictionary/", views.dictionary, name="dictionary"),
]
