"""Run as a program beside a served system: makes what the load needs and prints an API key."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """An administrator, promise policies and a key that may do the work of a desk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
    import django

    django.setup()
    from tightrope.core import clock
    from tightrope.core.actor import SYSTEM, Scope
    from tightrope.people import actions
    from tightrope.promises.models import Policy, PromiseKind, Target, What

    now = clock.now()
    actions.create_administrator(
        email="root@hengyuan.example", name="Root", password="correct-horse-battery", at=now
    )
    policy = Policy.objects.create(name="usual")
    for what in (What.FIRST_RESPONSE, What.NEXT_RESPONSE, What.RESOLUTION):
        Target.objects.create(policy=policy, what=what, kind=PromiseKind.CUSTOMER, working_seconds=7200)
    grants = dict.fromkeys(("case.view", "case.open", "case.accept", "case.work"), Scope.ALL)
    _key, presented = actions.make_key(name="load", grants=grants, by=SYSTEM, at=now)
    sys.stdout.write(presented)


if __name__ == "__main__":
    main()
