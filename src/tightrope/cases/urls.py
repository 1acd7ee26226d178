"""Addresses of the desk. Each act is a POST to a noun below its case."""

from django.urls import path

from tightrope.cases.views import belonging, configuring, moves, opening, page, queue, saved, talking

app_name = "cases"
_CASE = "cases/<str:public_id>/"
urlpatterns = [
    path("cases/", queue.queue, name="queue"),
    path("cases/filters/", saved.filters, name="filters"),
    path("cases/views/", saved.save, name="views"),
    path("cases/views/<int:view_id>/removal/", saved.remove, name="view_removal"),
    path("cases/categories/", configuring.categories, name="categories"),
    path("cases/categories/new/", configuring.category, name="new_category"),
    path("cases/categories/<slug:code>/", configuring.category, name="category_change"),
    path("cases/canned/", configuring.canned, name="canned"),
    path("cases/canned/new/", configuring.canned_reply, name="new_canned"),
    path("cases/canned/<slug:code>/", configuring.canned_reply, name="canned_change"),
    path("cases/rules/", configuring.rules, name="rules"),
    path("cases/new/", opening.new, name="new"),
    path("cases/new/who/", opening.who, name="new_who"),
    path("cases/new/questions/", opening.questions, name="new_questions"),
    path("cases/new/preview/", opening.preview, name="new_preview"),
    path(_CASE, page.case, name="case"),
    path(f"{_CASE}acceptance/", moves.accept, name="acceptance"),
    path(f"{_CASE}assignment/", moves.assign, name="assignment"),
    path(f"{_CASE}handover/", moves.hand_over, name="handover"),
    path(f"{_CASE}replies/", talking.reply, name="replies"),
    path(f"{_CASE}replies/<int:message_id>/taking-back/", talking.take_back, name="taking_back"),
    path(f"{_CASE}notes/", talking.note, name="notes"),
    path(f"{_CASE}waiting/", moves.wait, name="waiting"),
    path(f"{_CASE}resumption/", moves.resume, name="resumption"),
    path(f"{_CASE}solution/", moves.solve, name="solution"),
    path(f"{_CASE}reopening/", moves.reopen, name="reopening"),
    path(f"{_CASE}confirmation/", moves.confirm, name="confirmation"),
    path(f"{_CASE}merge/", belonging.merge, name="merge"),
    path(f"{_CASE}rejection/", belonging.reject, name="rejection"),
    path(f"{_CASE}restoration/", belonging.restore, name="restoration"),
    path(f"{_CASE}severity/", moves.severity, name="severity"),
    path(f"{_CASE}category/", moves.category, name="category"),
    path(f"{_CASE}title/", moves.retitle, name="title"),
    path(f"{_CASE}tags/", moves.tags, name="tags"),
    path(f"{_CASE}customer/", belonging.customer, name="customer"),
    path(f"{_CASE}complaint/", belonging.complaint, name="complaint"),
    path(f"{_CASE}cause/", belonging.cause, name="cause"),
    path(f"{_CASE}links/", belonging.links, name="links"),
    path(f"{_CASE}calls/", belonging.calls, name="calls"),
]
