from django.urls import path

from tightrope.fields import views

app_name = "fields"
urlpatterns = [
    path("forms/", views.form_list, name="list"),
    path("forms/<slug:key>/", views.show, name="form"),
    path("forms/<slug:key>/name/", views.rename, name="name"),
    path("forms/<slug:key>/publication/", views.publish, name="publication"),
    path("forms/<slug:key>/discarding/", views.discard, name="discarding"),
    path("forms/<slug:key>/versions/<int:number>/", views.version, name="version"),
    path("forms/<slug:key>/questions/", views.question, name="questions"),
    path("forms/<slug:key>/questions/<slug:question_key>/", views.question, name="question"),
    path("forms/<slug:key>/questions/<slug:question_key>/move/", views.move, name="move"),
    path("forms/<slug:key>/questions/<slug:question_key>/removal/", views.remove, name="removal"),
]
