"""What must hold over the whole tree, so that no new part can forget it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from tightrope import timeline
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


# -- every act is on record ----------------------------------------------------------------------------------

WITHOUT_EVENT = {
    "a reading that acts need": (
        "calendars.in_words", "cases.open_call_of", "cases.private_link_of", "channels.smtp_settings",
        "notices.quiet_until", "promises.clocks_by_policy", "search.document", "timeline.type_of",
    ),
    "part of an act that records it": (
        "channels.join_conversation", "channels.move_message", "channels.open_conversation",
        "channels.post_message", "channels.take_back_message", "files.attach", "files.store_file",
        "files.store_files", "promises.hand_over_promises", "promises.join_promises",
    ),
    "the end of a wait whose beginning is on record": ("channels.let_go",),
    "a raw mail is its own record, and reading it writes the event": ("channels.receive_mail",),
    "work taken up again, or finished, that an act had begun": (
        "channels.let_go_again", "channels.move_originals", "channels.read_what_was_left", "files.ask_again",
    ),
    "forgetting after a set time; what remains says when": (
        "channels.forget_personal_letters", "channels.forget_raw_mails", "files.sweep_loose",
        "files.sweep_orphans", "measures.forget_weeks", "portal.sweep_proofs",
    ),
    "figures and an index, made anew from what is on record": (
        "measures.count_months", "measures.take_courses", "measures.take_figures", "search.forget", "search.index",
    ),
    "a draft of one person's; publishing it is on record": (
        "fields.begin_form", "fields.discard_draft", "fields.draft_of", "fields.move_question",
        "fields.put_question", "fields.remove_question", "fields.rename_form",
    ),
    "between the program and one reader: told, read, in which way": (
        "notices.choose_way", "notices.mail_notice", "notices.notify", "notices.read_notices",
        "notices.send_digest", "notices.set_quiet_hours",
    ),
    "a mailed link that is not used yet; its use is on record": ("portal.ask_for_address", "portal.send_sign_in_link"),
    "a note is on the line by itself": ("timeline.add_note",),
}  # fmt: skip
"""What stands among the acts and writes no event, by its reason."""


def _modules_of_acts() -> Iterator[ModuleType]:
    for path in sorted(SOURCE.rglob("actions*")):
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists()):
            dotted = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
            if path.stem == "actions":
                yield import_module(f"tightrope.{dotted}")


def _acts() -> dict[str, Callable[..., Any]]:
    """Every function that other rooms may call as an act: what a folder of acts exports, what a file of acts says."""
    found = {}
    for module in _modules_of_acts():
        room = module.__name__.removeprefix("tightrope.").removesuffix(".actions")
        names = getattr(module, "__all__", None) or vars(module)
        for name in names:
            act = getattr(module, name)
            if name.startswith("_") or not inspect.isfunction(act):
                continue
            if inspect.unwrap(act).__module__.startswith(module.__name__):
                found[f"{room}.{name}"] = inspect.unwrap(act)
    return found


@cache
def _records(act: Callable[..., Any]) -> bool:
    """Whether an act, or anything of ours that it names, writes an event. What calls itself is looked at once."""
    seen: set[Callable[..., Any]] = set()
    waiting = [act]
    while waiting:
        one = waiting.pop()
        if one in {timeline.record, import_module("tightrope.timeline.actions").record}:
            return True
        if one not in seen:
            seen.add(one)
            waiting += _named_in(one)
    return False


def _named_in(act: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The functions of ours that a function names, by itself or through its modules."""
    tree = ast.parse(inspect.getsource(act))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            named = inspect.unwrap(_meant(node, act.__globals__) or act)
            if inspect.isfunction(named) and named.__module__.startswith("tightrope."):
                found.append(named)
    return found


def _meant(node: ast.AST, known: dict[str, Any]) -> Any:
    """What a name, or a name of a module's, stands for; None for what only running would tell."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _meant(node.value, known)
        return getattr(owner, node.attr, None) if inspect.ismodule(owner) else None
    return None


def test_every_act_is_on_record_or_says_why_not():
    silent = {name for name, act in _acts().items() if not _records(act)}
    excused = {name for names in WITHOUT_EVENT.values() for name in names}

    assert sorted(silent - excused) == []
    assert sorted(excused - silent) == []
