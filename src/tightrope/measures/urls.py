from django.urls import path

from tightrope.measures import record_views, report_views, views

app_name = "measures"
urlpatterns = [
    path("", views.start, name="start"),
    path("figures/", views.overview, name="overview"),
    path("figures/dictionary/", views.dictionary, name="dictionary"),
    path("figures/stalling/", report_views.stalling_page, name="stalling"),
    path("figures/departments/", report_views.departments, name="departments"),
    path("figures/solutions/", report_views.solutions, name="solutions"),
    path("figures/clarifications/", report_views.clarifications, name="clarifications"),
    path("figures/sales/", report_views.sales, name="sales"),
    path("figures/delivery/", report_views.delivered, name="delivery"),
    path("figures/mine/", report_views.mine, name="mine"),
    path("figures/passages/", report_views.passage_list, name="passages"),
    path("figures/record/", record_views.record_page, name="record"),
]
