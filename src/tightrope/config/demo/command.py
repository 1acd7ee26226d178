"""Filling an empty database with the demo company: the morning at once, two years of history behind it."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime

from tightrope.cases.models import Case
from tightrope.config.demo import company, history, today
from tightrope.core import clock
from tightrope.core.db import without_limits
from tightrope.core.models import Heartbeat, IdempotencyKey
from tightrope.people.models import User

STORIES = 600


def run(options: argparse.Namespace) -> int:
    """`tightrope demo`: people and this morning's cases first, then the history, with progress shown."""
    if User.objects.exists() and not company.is_installed():
        if getattr(options, "if_empty", False):
            return 0
        sys.stderr.write("This database already serves a company; the demo company needs an empty one.\n")
        return 1
    now = clock.now()
    with without_limits():
        company.install(at=now)
        today.install(at=now)
        _live_through(STORIES, at=now)
    return 0


def _live_through(stories: int, *, at: datetime) -> None:
    done = set(IdempotencyKey.objects.filter(source="demo.story").values_list("key", flat=True))
    left = [number for number in range(stories) if str(number) not in done]
    began = time.monotonic()
    for count, number in enumerate(left, start=1):
        history.live(number, stories, at=at)
        if count % 10 == 0 or count == len(left):
            _tell(stories - len(left) + count, stories, began, count, len(left))


def _tell(done: int, of: int, began: float, count: int, left: int) -> None:
    """Say how far it is: on the terminal and, for the pages, in a row."""
    seconds = (time.monotonic() - began) / count * (left - count)
    Heartbeat.objects.update_or_create(
        part="demo",
        defaults={"at": clock.now(), "facts": {"done": done, "of": of, "seconds_left": round(seconds)}},
    )
    sys.stdout.write(
        f"demo company: {done} of {of} stories, {seconds:.0f} s left, {Case.objects.count()} cases\n"
    )
    sys.stdout.flush()
