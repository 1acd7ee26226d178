"""Addresses of the customer pages. Random names lead to accounts, people and places, never their numbers."""

from django.urls import path

from tightrope.customers.views import accounts, contacts, merging, sites

app_name = "customers"
urlpatterns = [
    path("customers/", accounts.account_list, name="list"),
    path("customers/new/", accounts.new, name="new"),
    path("customers/stages/", accounts.stages, name="stages"),
    path("customers/duplicates/", merging.duplicates, name="duplicates"),
    path("customers/separations/", merging.separate, name="separation"),
    path("customers/merges/<int:merge_id>/undoing/", merging.unmerge, name="unmerging"),
    path("customers/contacts/<str:public_id>/", contacts.contact, name="contact"),
    path("customers/contacts/<str:public_id>/addresses/", contacts.add_address, name="contact_addresses"),
    path(
        "customers/contacts/<str:public_id>/addresses/<int:address_id>/removal/",
        contacts.remove_address,
        name="contact_address_removal",
    ),
    path("customers/contacts/<str:public_id>/confirmation/", contacts.confirm, name="contact_confirmation"),
    path("customers/contacts/<str:public_id>/retirement/", contacts.retire, name="contact_retirement"),
    path("customers/contacts/<str:public_id>/joining/", contacts.join, name="joining"),
    path("customers/sites/<str:public_id>/", sites.site, name="site"),
    path("customers/<str:public_id>/", accounts.account, name="account"),
    path("customers/<str:public_id>/line/", accounts.line, name="line"),
    path("customers/<str:public_id>/edit/", accounts.edit, name="edit"),
    path("customers/<str:public_id>/confirmation/", accounts.confirm, name="confirmation"),
    path("customers/<str:public_id>/stage/", accounts.move_stage, name="stage"),
    path("customers/<str:public_id>/notes/", accounts.add_note, name="notes"),
    path("customers/<str:public_id>/external-ids/", accounts.note_external_id, name="external_ids"),
    path("customers/<str:public_id>/contacts/new/", contacts.new, name="new_contact"),
    path("customers/<str:public_id>/sites/new/", sites.new, name="new_site"),
    path("customers/<str:public_id>/merging/", merging.merging, name="merging"),
]
