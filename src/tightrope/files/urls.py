from django.urls import path

from tightrope.files import views

app_name = "files"
urlpatterns = [
    path("files/thumbnails/<slug:public_id>/", views.thumbnail, name="thumbnail"),
    path("files/pictures/<slug:public_id>/", views.picture, name="picture"),
    path("files/<slug:public_id>/<str:name>", views.download, name="download"),
]
