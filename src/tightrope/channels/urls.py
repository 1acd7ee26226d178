"""Addresses of the mail pages, and of the frame that shows a stranger's HTML."""

from django.urls import path

from tightrope.channels import views

app_name = "channels"
urlpatterns = [
    path("mail/", views.outbox, name="outbox"),
    path("mail/messages/<int:message_id>/", views.letter, name="letter"),
    path("mail/messages/<int:message_id>/sending/", views.send_again, name="sending"),
    path("mail/messages/<int:message_id>/vouching/", views.vouch, name="vouching"),
    path("mail/incoming/", views.inbox, name="inbox"),
    path("mail/incoming/<int:raw_id>/", views.raw, name="raw"),
    path("mail/incoming/<int:raw_id>/original/", views.original, name="original"),
    path("mail/incoming/<int:raw_id>/reading/", views.read_again, name="reading"),
    path("messages/<int:message_id>/frame/", views.frame, name="frame"),
]
