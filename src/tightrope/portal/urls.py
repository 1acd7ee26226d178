"""Addresses of the portal. A case has the same acts behind a sign-in and behind a private link."""

from __future__ import annotations

from django.urls import path

from tightrope.files import views
from tightrope.portal.views import addressing, case, entering, home, reporting

app_name = "portal"

_ACTS = [
    ("words", case.write),
    ("confirmation", case.confirm),
    ("reopening", case.reopen),
    ("rating", case.rate),
    ("following", case.follow_up),
]

urlpatterns = [
    path("portal/", home.home, name="home"),
    path("portal/sign-in/", entering.sign_in, name="sign_in"),
    path("portal/sign-in/sent/", entering.sent, name="sent"),
    path("portal/sign-in/<slug:token>/", entering.entry, name="entry"),
    path("portal/confirm/<slug:token>/", entering.proof, name="proof"),
    path("portal/sign-out/", entering.sign_out, name="sign_out"),
    path("portal/profile/", home.profile, name="profile"),
    path("portal/profile/addresses/", addressing.add, name="addresses"),
    path("portal/profile/addresses/<int:address_id>/choice/", addressing.choose, name="address_choice"),
    path("portal/profile/addresses/<int:address_id>/removal/", addressing.give_up, name="address_removal"),
    path("portal/address/<slug:token>/", addressing.proof, name="address_proof"),
    path("portal/report/", reporting.report, name="report"),
    path("portal/embed/<slug:code>/", reporting.embedded, name="form"),
    path("portal/cases/<slug:public_id>/", case.show, name="case"),
    *(path(f"portal/cases/<slug:public_id>/{act}/", view, name=act) for act, view in _ACTS),
    path("s/<slug:token>/", case.show, name="link"),
    path("s/<slug:token>/thanks/", case.thanks, name="thanks"),
    path("s/<slug:token>/files/thumbnails/<slug:public_id>/", views.thumbnail, name="link_thumbnail"),
    path("s/<slug:token>/files/pictures/<slug:public_id>/", views.picture, name="link_picture"),
    path("s/<slug:token>/files/<slug:public_id>/<str:name>", views.download, name="link_file"),
    *(path(f"s/<slug:token>/{act}/", view, name=f"link_{act}") for act, view in _ACTS),
]
