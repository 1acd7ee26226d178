"""Who may search: every member of staff. What is found is judged hit by hit."""

from __future__ import annotations

from tightrope.people.access import Audience

ROUTES = {
    "search:results": {"GET": Audience.STAFF},
    "api:search": {"GET": Audience.STAFF},
}
