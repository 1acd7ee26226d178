"""What a fresh company asks when something is reported, by kind of thing, in three languages.

Every report asks what it is about, what happened, and takes photos, video, voice and files. These forms ask
what else helps: which machine, what it shows, since when. Nothing in them is required: a report without a
serial number is better than none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tightrope.core.actor import Actor
from tightrope.fields.actions import publish_definition
from tightrope.fields.models import Definition
from tightrope.fields.questions import LANGUAGES

Three = tuple[str, str, str]
"""English, 简体, 繁體."""


def _words(three: Three) -> dict[str, str]:
    return dict(zip(LANGUAGES, three, strict=True))


def _ask(key: str, kind: str, names: Three, *, hint: Three | None = None, **facts: Any) -> dict[str, Any]:
    options = [{"value": value, "names": _words(three)} for value, three in facts.pop("options", ())]
    said = {"help": _words(hint)} if hint else {}
    return {"key": key, "kind": kind, "names": _words(names), "options": options, **said, **facts}


SERIAL = _ask(
    "serial", "text", ("Serial number", "序列号", "序號"),
    hint=("On the nameplate or the QR code of the machine.", "在设备铭牌或二维码标签上。", "在設備銘牌或 QR 碼標籤上。"),
    example=_words(("AC-2209-17734", "AC-2209-17734", "AC-2209-17734")),
)  # fmt: skip
CODE = _ask(
    "error_code", "text", ("Error code on the display", "面板故障码", "面板故障碼"),
    hint=("Exactly as it is shown.", "请照面板上的原样填写。", "請照面板上的原樣填寫。"),
    example=_words(("E3", "E3", "E3")),
)  # fmt: skip
SINCE = _ask("since", "date", ("Since when?", "从什么时候开始的？", "從什麼時候開始的？"))
STATE = _ask(
    "state", "choice", ("Does it still run?", "设备还能运行吗？", "設備還能運轉嗎？"),
    options=(
        ("stopped", ("No, it stands still", "不能，已停机", "不能，已停機")),
        ("partly", ("Yes, but not as it should", "能，但不正常", "能，但不正常")),
        ("runs", ("Yes", "能", "能")),
    ),
)  # fmt: skip
PLATE = _ask(
    "plate", "photo", ("Photo of the nameplate and of the display", "铭牌和面板的照片", "銘牌與面板的照片"),
)  # fmt: skip
FILM = _ask(
    "film", "video", ("Short video", "短视频", "短影片"),
    hint=("Ten seconds with sound tell most.", "十秒带声音的视频最能说明问题。", "十秒有聲音的影片最能說明問題。"),
)  # fmt: skip
VOICE = _ask(
    "voice", "voice", ("Or simply tell us", "也可以直接语音说明", "也可以直接用語音說明"),
)  # fmt: skip
PLACE = _ask(
    "place", "place", ("Where is it?", "设备在哪里？", "設備在哪裡？"),
    hint=("Building, floor, room.", "楼栋、楼层、房间。", "大樓、樓層、房間。"),
)  # fmt: skip

FORMS: tuple[tuple[str, Three, list[dict[str, Any]]], ...] = (
    (
        "ac-fault", ("Fault of an air-conditioner", "空调报修", "冷氣報修"),
        [SERIAL, CODE, STATE, SINCE, PLACE, PLATE, FILM, VOICE],
    ),
    (
        "lift-fault", ("Fault of a lift", "电梯报修", "電梯報修"),
        [
            SERIAL, CODE, STATE,
            _ask("floor", "text", ("At which floor?", "在哪一层？", "在哪一樓？")),
            SINCE, PLACE, PLATE, FILM, VOICE,
        ],
    ),
    (
        "lift-trapped", ("Somebody is trapped", "电梯困人", "電梯受困"),
        [
            _ask("people", "number", ("How many people?", "被困几人？", "受困幾人？"), at_least=1, at_most=40),
            _ask("hurt", "yes_no", ("Is somebody hurt or ill?", "有人受伤或不适吗？", "有人受傷或不適嗎？")),
            _ask("talking", "yes_no", ("Can you talk with them?", "能与被困人员通话吗？", "能與受困者通話嗎？")),
            _ask("floor", "text", ("Between which floors?", "停在哪两层之间？", "停在哪兩樓之間？")),
            SERIAL, PLACE,
        ],
    ),
    (
        "maintenance-wish", ("Maintenance, inspection", "保养与巡检", "保養與巡檢"),
        [
            SERIAL, PLACE,
            _ask("machines", "number", ("How many machines?", "共几台设备？", "共幾台設備？"), at_least=1),
            _ask("on", "date", ("On which day, best?", "希望哪一天？", "希望哪一天？")),
        ],
    ),
    (
        "online-problem", ("Problem with an online service", "网络与系统问题", "網路與系統問題"),
        [
            _ask("address", "text", ("Address of the page", "页面地址", "網頁位址"),
                 example=_words(("www.example.com/login", "www.example.com/login", "www.example.com/login"))),
            _ask("error_text", "long_text", ("What the message says", "提示的内容", "提示的內容")),
            SINCE,
            _ask("screen", "photo", ("Picture of the screen", "屏幕截图", "螢幕截圖")),
        ],
    ),
    (
        "invoice-question", ("Contract, invoice", "合同与发票", "合約與發票"),
        [
            _ask("document", "text", ("Number of the contract or invoice", "合同号或发票号", "合約或發票號碼")),
            _ask("copy", "file", ("A copy of it", "相关附件", "相關附件")),
        ],
    ),
    (
        "complaint", ("Complaint, suggestion", "投诉与建议", "客訴與建議"),
        [
            _ask("concerns", "text", ("Which case, visit or person is it about?", "涉及哪个个案、哪次服务或哪位人员？",
                                      "涉及哪個案件、哪次服務或哪位人員？")),
            _ask("when", "date", ("When did it happen?", "什么时候发生的？", "什麼時候發生的？")),
            _ask("wish", "long_text", ("What would put it right for you?", "您希望我们如何处理？", "您希望我們如何處理？")),
            VOICE,
        ],
    ),
)  # fmt: skip


@transaction.atomic
def install(*, by: Actor, at: datetime) -> None:
    """Publish the forms of a fresh installation. A form that is there already stays as it is."""
    known = set(Definition.objects.values_list("key", flat=True))
    for key, names, questions in FORMS:
        if key not in known:
            publish_definition(key, names=_words(names), questions=questions, by=by, at=at)
