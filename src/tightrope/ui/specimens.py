"""What the style guide shows: the standing cast in every state a component knows.

All words are drawn from the translations, so that a language switch shows what a reader of that language sees.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tightrope.ui import format as written
from tightrope.ui.icons import drawings

LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"))
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> & "quotes"'


def known_language(code: str) -> str:
    """The asked-for language when the guide has it, else English."""
    return code.lower() if code.lower() in dict(LANGUAGES) else "en"


def guide(*, page: str, language: str, now: datetime) -> dict[str, Any]:
    """The context of one page of the guide."""
    return {
        "now": now,
        "brand": _("Hengyuan Air & Lift"),
        "languages": [
            {"label": label, "code": code, "url": f"?page={page}&in={code}", "current": code == language}
            for code, label in LANGUAGES
        ],
        "hostile": HOSTILE,
        "rail": [*rail(), *more_rooms()],
        "pages": ("components", "desk", "portal", "office", "plain", "print"),
        "person": {"name": "周敏", "role": _("Customer service"), "url": "#", "sign_out_url": "#", "links": [
            {"label": _("My settings"), "url": "#", "icon": "settings"}]},
        "search_url": "#", "new_url": "#", "notices_url": "#", "notices_count": 3,
        "lights": ["received", "accepted", "waiting", "solved", "late", "reopened"],
        "steps": steps(),
        "rows": rows(now),
        "ahead": ahead(now), "past": past(now),
        "conversation": conversation(now),
        "facts": facts(now),
        "due": {"soon": now + timedelta(hours=1, minutes=8, seconds=30), "gone": now - timedelta(minutes=12, seconds=30),
                "next_week": now + timedelta(days=3)},
        "columns": columns(), "table_rows": table_rows(now),
        "tabs": [{"label": _("Conversation"), "url": "#", "current": True}, {"label": _("Work orders"), "url": "#", "count": 2},
                 {"label": _("Device"), "url": "#"}, {"label": _("Everything that happened"), "url": "#", "count": 38}],
        "figures": figures(),
        "files": [{"name": "IMG_20261121_130214.jpg", "url": "#", "size_bytes": 2_412_000, "note": _("from the camera")},
                  {"name": "三楼机房-2号精密空调-控制板-E3-历史记录-导出.xlsx", "url": "#", "size_bytes": 48_200},
                  {"name": "video.mov", "size_bytes": 312_000_000, "error": _("This file is too large and will not be sent.")}],
        "words": [_("Very dissatisfied"), _("Dissatisfied"), _("Neither"), _("Satisfied"), _("Very satisfied")],
        "icons": _icon_names(),
        "margins": {"early": written.margin(timedelta(minutes=38)), "late": written.margin(timedelta(minutes=-12)),
                    "much": written.margin(timedelta(hours=18))},
    }  # fmt: skip


def _icon_names() -> list[str]:
    return list(drawings())


def rail() -> list[dict[str, Any]]:
    """Six rooms: as many as a rail may have."""
    return [
        {"label": _("Desk"), "url": "#", "icon": "desk", "count": 18, "current": True},
        {"label": _("Customers"), "url": "#", "icon": "customer"},
        {"label": _("Devices"), "url": "#", "icon": "device"},
        {"label": _("Work orders"), "url": "#", "icon": "work", "count": 6},
        {"label": _("Knowledge base"), "url": "#", "icon": "knowledge"},
        {"label": _("Dashboard"), "url": "#", "icon": "chart"},
    ]


def more_rooms() -> list[dict[str, Any]]:
    """The rest of the rooms, under "more"."""
    return [
        {"label": _("Service contracts"), "url": "#", "icon": "contract"},
        {"label": _("Spare parts"), "url": "#", "icon": "stock", "count": 2},
        {"label": _("Quality"), "url": "#", "icon": "quality"},
    ]


def steps() -> list[dict[str, Any]]:
    """A case that is accepted and not yet in work."""
    return [
        {"word": _("Received"), "light": "received"},
        {"word": _("Accepted"), "light": "accepted", "current": True},
        {"word": _("In work"), "light": ""},
        {"word": _("Solved"), "light": ""},
    ]


def rows(now: datetime) -> list[dict[str, Any]]:
    """The desk's list: every light once, a long title, a hostile one."""
    return [
        {"title": _("Lift 4 out of service after trapping passengers"), "about": "锦江花园物业 · C-10311", "light": "late",
         "due_at": now - timedelta(minutes=12), "run": 100, "url": "#"},
        {"title": _("Air-conditioner in the third-floor server room drips and shows E3"), "about": "恒通数据 · C-10293",
         "light": "accepted", "due_at": now + timedelta(hours=1, minutes=8), "run": 71, "url": "#", "current": True},
        {"title": _("Five new indoor units are louder than agreed"), "about": "南翔酒店 · C-10308", "light": "accepted",
         "due_at": now + timedelta(hours=3, minutes=40), "run": 38, "url": "#"},
        {"title": _("Remote control does not pair"), "about": "李建国 · C-10314", "light": "received",
         "due_at": now + timedelta(hours=5, minutes=15), "run": 12, "url": "#"},
        {"title": _("Invoice title of the extended warranty is wrong"), "about": "德丰商贸 · C-10310", "light": "received",
         "due_at": now + timedelta(days=2), "run": 9, "url": "#"},
        {"title": _("How often should the filter be changed?"), "about": "明德小学 · C-10287", "light": "waiting",
         "figure": _("Paused"), "run": 30, "url": "#"},
        {"title": _("Cooling again after the compressor was replaced"), "about": "恒通数据 · C-10240", "light": "solved",
         "figure": written.margin(timedelta(hours=18)), "run": 42, "url": "#"},
        {"title": _("Leaks again two days after the repair"), "about": "和泰商旅 · C-10221", "light": "reopened",
         "due_at": now + timedelta(hours=4), "run": 20, "url": "#"},
    ]  # fmt: skip


def ahead(now: datetime) -> list[dict[str, Any]]:
    """Promises still to keep, the furthest first."""
    return [
        {"at": now + timedelta(days=4), "title": _("Return call"), "body": "周敏"},
        {"at": now + timedelta(hours=1, minutes=8), "title": _("Solution, promised to the customer")},
    ]


def past(now: datetime) -> list[dict[str, Any]]:
    """What happened, the newest first, with a kept and a missed promise."""
    return [
        {"at": now - timedelta(hours=2), "title": _("First reply"), "kind": "kept", "body": "周敏",
         "verdict": written.margin(timedelta(minutes=38))},
        {"at": now - timedelta(hours=2, minutes=10), "title": _("Internal note"), "kind": "note", "body": "周敏"},
        {"at": now - timedelta(hours=2, minutes=20), "title": _("Accepted"), "body": "周敏"},
        {"at": now - timedelta(hours=2, minutes=23), "title": _("Fault report by mail"), "body": "王磊 · 恒通数据"},
        {"at": now - timedelta(days=185), "title": _("Arrival on site"), "kind": "missed", "body": "吴强",
         "verdict": written.margin(timedelta(minutes=-12))},
        {"at": now - timedelta(days=400), "title": _("Installation and commissioning"), "body": "吴强"},
    ]  # fmt: skip


def conversation(now: datetime) -> dict[str, Any]:
    """A letter in, a note, a letter out, and one that could not be sent."""
    return {
        "in_at": now - timedelta(hours=2, minutes=23),
        "in_body": _(
            "Since noon the precision air-conditioner no. 2 in the third-floor server room has been dripping, the panel "
            "shows E3, and the racks stand right beside it. Photographs are attached. Its pump was replaced in May last year."
        ),
        "note_at": now - timedelta(hours=2, minutes=10),
        "note_body": _("Seven cases of E3 in this batch already; Q-118 waits for production, day nine."),
        "out_at": now - timedelta(hours=2),
        "out_body": _(
            "Please switch unit 2 off and change over to unit 3, so that no water reaches the racks.\n\n"
            "You will have a definite answer from us by 16:30; if a visit is needed, with name and time of the engineer."
        ),
    }


def facts(now: datetime) -> list[dict[str, Any]]:
    """What one wants to know of a device."""
    return [
        {"label": _("Device"), "value": "PX-60 · SN 2305-0871", "url": "#"},
        {"label": _("Installed"), "value": written.day(now - timedelta(days=1282), now=now)},
        {"label": _("Warranty"), "value": _("In warranty until 17 May 2027")},
        {"label": _("Loaner unit"), "value": ""},
    ]


def columns() -> list[dict[str, Any]]:
    """A table sorted by its due time."""
    return [
        {"label": _("Case")},
        {"label": _("Status")},
        {"label": _("Customer"), "sort_url": "?sort=customer"},
        {"label": _("Due"), "sort_url": "?sort=due", "sorted": "ascending", "num": True},
        {"label": _("Cost"), "num": True},
    ]


def table_rows(now: datetime) -> list[dict[str, Any]]:
    """The desk's list as a table."""
    amounts = (128_000, 31_850, 0, 4_200, 96_000, 0, 1_204_000, 18_000)
    heads = [column["label"] for column in columns()]
    return [
        {
            "url": "#",
            "current": row.get("current"),
            "cells": [
                {"text": row["title"], "label": ""},
                {"light": row["light"], "label": heads[1]},
                {"text": row["about"].split(" · ")[0], "label": heads[2]},
                {"run": row["run"], "due_at": row.get("due_at"), "figure": row.get("figure"), "tone": row["light"],
                 "label": heads[3], "num": True},
                {"text": written.money(amount), "num": True, "label": heads[4]},
            ],
        }
        for row, amount in zip(rows(now), amounts, strict=True)
    ]  # fmt: skip


def figures() -> list[dict[str, Any]]:
    """Figures above, below and without a target, and one with a gap in its trend."""
    return [
        {"label": _("Promises kept"), "value": written.percent(0.934, digits=1), "target": written.percent(0.95),
         "distance": _("1.6 points short"), "distance_light": "late", "values": [88, 89, 91, 90, 92, 93, 92, 93.4],
         "target_value": 95, "url": "#"},
        {"label": _("Customer satisfaction"), "value": written.number(4.21, digits=2), "unit": "/ 5",
         "target": written.number(4.2, digits=2), "distance": _("on target"), "distance_light": "solved",
         "values": [4.0, 4.1, 4.05, 4.2, 4.18, 4.21], "target_value": 4.2, "url": "#",
         "note": _("612 answers")},
        {"label": _("First response time"), "value": written.duration(timedelta(minutes=22)),
         "values": [30, 28, None, None, 25, 22], "url": "#"},
        {"label": _("Cost to serve"), "value": written.money(31_800), "note": _("per case"), "values": [340, 338, 321, 318]},
    ]  # fmt: skip
