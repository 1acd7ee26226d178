from django.urls import path

from tightrope.people import views

app_name = "people"
urlpatterns = [
    path("demo/", views.demo, name="demo"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("me/", views.me, name="me"),
    path("people/", views.people, name="list"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:pk>/", views.person, name="user"),
    path("teams/", views.teams, name="teams"),
    path("teams/new/", views.team, name="new_team"),
    path("teams/<int:pk>/", views.team, name="team"),
    path("roles/", views.roles, name="roles"),
    path("roles/new/", views.role, name="new_role"),
    path("roles/<int:pk>/", views.role, name="role"),
    path("roles/presets/", views.presets, name="presets"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/", views.key, name="key"),
]
