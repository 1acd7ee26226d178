"""Health for machines, operations for administrators."""

from __future__ import annotations

import json
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tightrope.config.operations import actions, queries
from tightrope.core import clock, throttle
from tightrope.core.models import Heartbeat
from tightrope.people.lines import past_of
from tightrope.people.models import Installation
from tightrope.ui.onward import doer

log = structlog.get_logger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """A write succeeds and a job went round within the last minute and a half: then everything that matters works."""
    now = clock.now()
    try:
        Heartbeat.objects.update_or_create(part="web", defaults={"at": now})
        writes, works = True, queries.worker_is_alive(at=now)
    except OperationalError:
        writes, works = False, False
    is_ready = writes and works
    return JsonResponse({"ready": is_ready, "write": writes, "job": works}, status=200 if is_ready else 503)


@csrf_exempt
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser refused something of a page: counted and written to the log, at most a hundred a minute."""
    now = clock.now()
    if throttle.count("csp-report", within=timedelta(minutes=1), at=now) <= 100:
        try:
            report = json.loads(request.body[:4000] or b"{}").get("csp-report", {})
        except (ValueError, AttributeError):
            report = {}
        log.warning(
            "content security policy violated",
            directive=str(report.get("violated-directive", ""))[:200],
            blocked=str(report.get("blocked-uri", ""))[:200],
            document=str(report.get("document-uri", ""))[:200],
        )
    return HttpResponse(status=204)


def operations(request: HttpRequest) -> HttpResponse:
    """Every part's last sign of life, every queue's oldest job, and what failed for good, and what was decided about it."""
    now = clock.now()
    beats = Heartbeat.objects.exclude(part="demo").order_by("part")
    parts = [(beat.part, beat.at, now - beat.at < queries.LATE) for beat in beats]
    return render(
        request,
        "config/operations.html",
        {
            "parts": parts,
            "queues": queries.queues(),
            "failed": queries.failed_jobs(),
            "database": queries.database_facts(),
            "has_mail_server": bool(settings.MAIL_OUT_HOST),
            "past": past_of("installation", Installation().pk, by=doer(request)),
            "now": now,
        },
    )


@require_POST
def failed_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a failed job again, or give it up."""
    decide = actions.try_job_again if request.POST.get("act") == "again" else actions.give_job_up
    try:
        decide(job_id, by=doer(request), at=clock.now())
    except actions.NotFailed as refusal:
        messages.error(request, str(refusal))
    return redirect("config:operations")


@require_POST
def search_index(request: HttpRequest) -> HttpResponse:
    """Make the search index anew."""
    actions.renew_search_index(by=doer(request), at=clock.now())
    messages.success(request, _("The search index is being made anew; people can go on working."))
    return redirect("config:operations")
