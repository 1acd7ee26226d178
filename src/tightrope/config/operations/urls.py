from django.urls import path

from tightrope.config.operations import views

app_name = "config"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("ready", views.ready, name="ready"),
    path("csp-report/", views.csp_report, name="csp_report"),
    path("operations/", views.operations, name="operations"),
    path("operations/jobs/<int:job_id>/", views.failed_job, name="failed_job"),
    path("operations/search-index/", views.search_index, name="search_index"),
]
