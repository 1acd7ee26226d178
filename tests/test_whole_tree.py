"""What must hold over the whole tree, so that no new part can forget it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from tightrope.config.policy import POLICY
from tightrope.config.reactions import REACTIONS
from tightrope.config.roles import PRESETS
from tightrope.config.schedule import SCHEDULE
from tightrope.core import jobs
from tightrope.people.access import known_permissions
from tightrope.timeline.events import known_kinds
from tightrope.timeline.queries import Happening

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tightrope"
OURS = {kind: event for kind, event in known_kinds().items() if event.__module__.startswith("tightrope.")}


def _routes(resolver: URLResolver, namespace: tuple[str, ...] = ()) -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                found.append(":".join((*namespace, entry.name)))
        else:
            found += _routes(entry, (*namespace, entry.namespace) if entry.namespace else namespace)
    return found


@pytest.mark.parametrize("kind", sorted(OURS))
def test_every_kind_of_event_has_its_wording(kind):
    name = Happening(0, None, kind, False, "", 0, None, "", None, "", {}).template  # type: ignore[arg-type]

    assert get_template(name)


def test_every_route_is_in_the_policy_table():
    from_libraries = {"account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_"}
    missing = [name for name in _routes(get_resolver()) if name not in POLICY]

    assert [name for name in missing if not any(name.startswith(prefix) for prefix in from_libraries)] == []


def test_the_policy_table_names_no_route_that_is_gone():
    routes = set(_routes(get_resolver()))
    ours = [name for name in POLICY if ":" in name and not name.startswith("api:openapi")]

    assert [name for name in ours if name not in routes and name != "api:api-root"] == []


def test_every_permission_in_the_policy_table_is_declared():
    known = set(known_permissions())
    named = {str(rule) for rules in POLICY.values() for rule in _flat(rules.values()) if "." in str(rule)}

    assert named <= known


def _flat(rules):
    for rule in rules:
        if isinstance(rule, (tuple, list, set, frozenset)):
            yield from _flat(rule)
        else:
            yield rule


def test_every_reaction_answers_to_a_known_kind_and_can_be_imported():
    for kind, names in REACTIONS.items():
        assert kind in OURS, kind
        assert all(callable(import_string(name)) for name in names)


def test_everything_on_the_schedule_is_a_job():
    assert {name for _cron, name in SCHEDULE} <= jobs.names()


def test_every_job_that_is_queued_by_name_exists():
    queued = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" not in path.parts:
            queued |= set(re.findall(r'jobs\.enqueue(?:_many)?\(\s*"([a-z_.]+)"', path.read_text()))

    assert queued <= jobs.names()


def test_every_preset_grants_declared_permissions_only():
    granted = {permission for roles in PRESETS.values() for role in roles for permission in role.grants}

    assert granted <= set(known_permissions())


def test_every_capability_says_in_a_readme_what_it_is():
    missing = [name for name in settings.CAPABILITIES if not (SOURCE / name / "README.md").exists()]

    assert missing == []


def test_no_template_carries_inline_script_or_style():
    guilty = []
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text()
        is_mail = "mail" in path.parts or "letters" in path.parts
        if re.search(r"\son[a-z]+\s*=", text) or (not is_mail and re.search(r"\sstyle\s*=\s*[\"']", text)):
            guilty.append(str(path.relative_to(SOURCE)))
        if re.search(r"<script(?![^>]*(nonce|src|application/json))", text):
            guilty.append(str(path.relative_to(SOURCE)))

    assert guilty == []


def test_only_the_timeline_reads_its_tables():
    guilty = []
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts or "timeline" in path.parts or path.name == "verify.py":
            continue
        if re.search(r"timeline\.models import .*Entry|FROM timeline_event", path.read_text()):
            guilty.append(str(path.relative_to(SOURCE)))

    assert guilty == []


def test_no_list_counts_or_skips_rows():
    """Paging by OFFSET or a count over a whole table grows slower with every case."""
    guilty = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and "planning" not in path.parts and "Paginator(" in path.read_text()
    ]

    assert guilty == []
