"""The address of the one search box."""

from django.urls import path

from tightrope.search import views

app_name = "search"
urlpatterns = [path("search/", views.results, name="results")]
