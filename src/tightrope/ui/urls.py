from django.urls import path

from tightrope.ui import views

app_name = "ui"
urlpatterns = [
    path("style/", views.style_guide, name="style"),
    path("scheme/", views.choose_scheme, name="scheme"),
]
