from django.urls import path

from tightrope.people import views

app_name = "people"
urlpatterns = [
    path("demo/", views.demo, name="demo"),
]
