"""Filling an empty database with the demo company: the morning at once, two years of history behind it."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from datetime import datetime, timedelta

from django.db import connection
from django.utils import translation

from tightrope.config.demo import company, history, today
from tightrope.config.demo.parts import live_part
from tightrope.core import clock, jobs, partitions
from tightrope.core.db import without_limits
from tightrope.core.models import Heartbeat, IdempotencyKey
from tightrope.measures.actions import forget_weeks
from tightrope.people.models import User

STORIES = 600
PROCESSES = 2


def run(options: argparse.Namespace) -> int:
    """`tightrope demo`: people and this morning's cases first, then the history, with progress shown."""
    if User.objects.exists() and not company.is_installed():
        if getattr(options, "if_empty", False):
            return 0
        sys.stderr.write("This database already serves a company; the demo company needs an empty one.\n")
        return 1
    now = clock.now()
    # What is installed by default is named in the language of the company, whoever started the program.
    with without_limits(), translation.override("zh-hans"):
        partitions.prepare_months(partitions.TABLES, since=now - timedelta(days=history.DAYS + 40), until=now)
        company.install(at=now)
        today.install(at=now)
        _live_through(STORIES, at=now)
    return 0


def _live_through(stories: int, *, at: datetime) -> None:
    """Live the stories that were not lived yet, in as many processes as help: they do not need each other."""
    done = set(IdempotencyKey.objects.filter(source="demo.story").values_list("key", flat=True))
    left = [number for number in range(stories) if str(number) not in done]
    connection.close()
    processes = min(os.cpu_count() or 1, PROCESSES)
    context = multiprocessing.get_context("spawn")
    parts = [
        context.Process(target=live_part, args=(left[part::processes], stories, at.isoformat()))
        for part in range(processes)
    ]
    for part in parts:
        part.start()
    began = time.monotonic()
    while any(part.is_alive() for part in parts):
        for part in parts:
            part.join(timeout=1)
        _tell(stories, len(done), began)
    _tell(stories, len(done), began)
    broken = [part.exitcode for part in parts if part.exitcode]
    if broken:
        raise SystemExit(f"{len(broken)} part(s) of the history could not be lived; start again to go on.")
    reckon_anew()


def reckon_anew() -> None:
    """Let the figures tell of the whole history: the worker took some weeks' before these were lived."""
    forget_weeks()
    jobs.enqueue("measures.take")
    jobs.enqueue("measures.count_months")


def _tell(of: int, before: int, began: float) -> None:
    """Say how far it is: on the terminal and, for the pages, in a row."""
    done = IdempotencyKey.objects.filter(source="demo.story").count()
    seconds = (time.monotonic() - began) / max(done - before, 1) * (of - done)
    Heartbeat.objects.update_or_create(
        part="demo",
        defaults={"at": clock.now(), "facts": {"done": done, "of": of, "seconds_left": round(seconds)}},
    )
    sys.stdout.write(f"demo company: {done} of {of} stories, {seconds:.0f} s left\n")
    sys.stdout.flush()
