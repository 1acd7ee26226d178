"""What a process of its own does for the history. Imported before Django stands, so it imports little itself."""

from __future__ import annotations

from datetime import datetime

import django


def live_part(numbers: list[int], of: int, at: str) -> None:
    """Live some of the stories in this process."""
    django.setup()
    from tightrope.config.demo import history
    from tightrope.core.db import without_limits

    with without_limits():
        for number in numbers:
            history.live(number, of, at=datetime.fromisoformat(at))
