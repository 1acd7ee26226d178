"""Pages about people: who works here, what they may, keys for programs, and one's own settings."""

from tightrope.people.views.administration import (
    invite,
    key,
    keys,
    people,
    person,
    presets,
    role,
    roles,
    team,
    teams,
)
from tightrope.people.views.demo import demo
from tightrope.people.views.invited import welcome
from tightrope.people.views.myself import me

__all__ = [
    "demo",
    "invite",
    "key",
    "keys",
    "me",
    "people",
    "person",
    "presets",
    "role",
    "roles",
    "team",
    "teams",
    "welcome",
]
