"""What a fresh desk knows: a tree of categories, and what is often said, in three languages."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tightrope.cases.models import CannedReply, Case, Category
from tightrope.core.actor import Actor
from tightrope.fields import defaults as forms
from tightrope.people.models import Team


class Kind(NamedTuple):
    """One category: its place in the tree, how severe it usually is, whose it is, and its names."""

    code: str
    parent: str
    type: str
    impact: int
    urgency: int
    team: str
    en: str
    zh_hans: str
    zh_hant: str


FAULT, REQUEST, QUESTION, COMPLAINT = (
    Case.Type.FAULT,
    Case.Type.REQUEST,
    Case.Type.QUESTION,
    Case.Type.COMPLAINT,
)

CATEGORIES = (
    Kind("lift", "", FAULT, 3, 2, "", "Lift", "电梯", "電梯"),
    Kind("lift-trapped", "lift", FAULT, 3, 3, "", "Somebody is trapped", "困人", "有人受困"),
    Kind("lift-stop", "lift", FAULT, 3, 2, "", "Lift stands still", "电梯停梯", "電梯停擺"),
    Kind("lift-door", "lift", FAULT, 2, 2, "", "Doors", "门机故障", "電梯門故障"),
    Kind("lift-levelling", "lift", FAULT, 2, 2, "", "Uneven stop, jolts", "平层不准、抖动", "平層不準、抖動"),
    Kind("ac", "", FAULT, 2, 2, "", "Air-conditioner", "空调", "冷氣"),
    Kind("ac-leak", "ac", FAULT, 2, 2, "", "Leak", "漏水", "漏水"),
    Kind("ac-cooling", "ac", FAULT, 2, 3, "", "No cooling", "不制冷", "不冷"),
    Kind("ac-noise", "ac", FAULT, 1, 2, "", "Noise, vibration", "噪声、振动", "噪音、震動"),
    Kind("ac-remote", "ac", QUESTION, 1, 1, "", "Remote control, operation", "遥控器、操作", "遙控器、操作"),
    Kind("maintenance", "", REQUEST, 1, 2, "", "Maintenance, inspection", "保养与巡检", "保養與巡檢"),
    Kind("contract", "", QUESTION, 1, 1, "", "Contract, invoice", "合同与发票", "合約與發票"),
    Kind("digital", "", REQUEST, 2, 2, "", "Online services", "网络与系统", "網路與系統"),
    Kind("domain-hosting", "digital", REQUEST, 2, 2, "", "Domain, hosting", "域名与主机", "網域與主機"),
    Kind("bug", "digital", FAULT, 2, 2, "experts", "Bug in a program", "程序错误", "程式錯誤"),
    Kind("advice", "", QUESTION, 1, 2, "", "Questions, advice", "咨询", "諮詢"),
    Kind("question", "advice", QUESTION, 1, 2, "", "How do I …?", "使用问答", "使用問答"),
    Kind("consulting", "advice", QUESTION, 1, 1, "experts", "Technical advice", "技术咨询", "技術諮詢"),
    Kind("voice", "", COMPLAINT, 2, 2, "", "Complaint, suggestion", "投诉与建议", "客訴與建議"),
    Kind("complaint", "voice", COMPLAINT, 2, 3, "complaints", "Complaint", "投诉", "客訴"),
    Kind("suggestion", "voice", QUESTION, 1, 1, "", "Suggestion", "建议", "建議"),
)

IN_DANGER = ("lift-trapped",)
"""Where somebody may be in danger: no promise about it waits for office hours."""

FORMS = {
    "lift": "lift-fault",
    "lift-trapped": "lift-trapped",
    "ac": "ac-fault",
    "maintenance": "maintenance-wish",
    "contract": "invoice-question",
    "digital": "online-problem",
    "voice": "complaint",
}
"""Which form a category asks; those below it ask the same unless they have one of their own."""

HELP = {
    "lift-trapped": {
        "en": "Somebody is in danger? Call our hotline first; then report it here.",
        "zh-hans": "有人被困时请先拨打服务热线，再在此登记。",
        "zh-hant": "有人受困時請先撥打服務專線，再於此登記。",
    },
    "ac-leak": {
        "en": "A photo of the unit and of the code on the panel helps us most.",
        "zh-hans": "请附上机组和面板故障码的照片，处理会快得多。",
        "zh-hant": "請附上機組與面板故障碼的照片，處理會快得多。",
    },
}


class Phrase(NamedTuple):
    """One canned reply: its name and its words, each in three languages, and where it fits."""

    code: str
    category: str
    names: tuple[str, str, str]
    bodies: tuple[str, str, str]


CANNED = (
    Phrase(
        "greeting",
        "",
        ("We are looking into it", "已开始处理", "已開始處理"),
        (
            "Hello {{customer.name}},\n\nthank you for telling us. I am looking into {{case.number}} now and "
            "will come back to you with a definite answer.\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n您反映的问题（{{case.number}}）已由我负责处理，稍后给您明确答复。\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n您反映的問題（{{case.number}}）已由我負責處理，稍後給您明確答覆。\n\n{{agent.name}}",
        ),
    ),
    Phrase(
        "ask-photo",
        "",
        ("Ask for a photo", "请提供照片", "請提供照片"),
        (
            "Could you send us a photo of the unit and of the code on its panel? You can simply answer this "
            "message with the pictures.",
            "麻烦您拍一张设备和面板故障码的照片，直接回复本消息附上即可，这样我们判断得更准。",
            "麻煩您拍一張設備與面板故障碼的照片，直接回覆本訊息附上即可，這樣我們判斷得更準。",
        ),
    ),
    Phrase(
        "ask-time",
        "",
        ("Ask when we may come", "询问上门时间", "詢問到府時間"),
        (
            "Somebody has to look at it on site. Which times suit you in the next days, and whom should we call "
            "on arrival?",
            "这个问题需要上门查看。请告诉我们近几天哪个时段方便，以及现场联系人和电话。",
            "這個問題需要到府查看。請告訴我們近幾天哪個時段方便，以及現場聯絡人與電話。",
        ),
    ),
    Phrase(
        "restart",
        "ac",
        ("Restart the unit", "重启机组", "重新啟動機組"),
        (
            "Please switch the unit off, take it off the mains for five minutes and start it again. Tell us "
            "which code the panel shows then.",
            "请先关机并断电五分钟，再重新开机，然后告诉我们面板显示的代码。",
            "請先關機並斷電五分鐘，再重新開機，然後告訴我們面板顯示的代碼。",
        ),
    ),
    Phrase(
        "lift-safety",
        "lift",
        ("Safety first", "安全提示", "安全提示"),
        (
            "Please close off the landing doors and use the other lift until we have been there. Do not try to "
            "open the doors yourselves.",
            "在我们到场之前，请围挡层门、改用其他电梯，切勿自行扒门。",
            "在我們到場之前，請圍擋各樓電梯門口、改用其他電梯，切勿自行扳開電梯門。",
        ),
    ),
    Phrase(
        "solved",
        "",
        ("It is solved", "已解决", "已解決"),
        (
            "Hello {{customer.name}},\n\n{{case.number}} should be solved now. Please try it; if anything is "
            "left, just answer and we go on at once.\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n{{case.number}} 已处理完毕，请您试用。如果还有问题，直接回复，我们马上继续处理。\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n{{case.number}} 已處理完畢，請您試用。如果還有問題，直接回覆，我們馬上繼續處理。\n\n{{agent.name}}",
        ),
    ),
    Phrase(
        "sorry",
        "voice",
        ("We are sorry", "致歉", "致歉"),
        (
            "Hello {{customer.name}},\n\nI am sorry that it came to this. I answer for {{case.number}} "
            "personally and will tell you today what went wrong and what we do about it.\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n给您带来不便，非常抱歉。{{case.number}} 由我专人负责，今天之内向您说明原因和处理办法。\n\n{{agent.name}}",
            "{{customer.name}}您好：\n\n造成您的不便，非常抱歉。{{case.number}} 由我專人負責，今天之內向您說明原因與處理辦法。\n\n{{agent.name}}",
        ),
    ),
)

_LANGUAGES = ("en", "zh-hans", "zh-hant")


@transaction.atomic
def install(*, by: Actor, at: datetime) -> None:
    """Lay the forms, categories and canned replies of a fresh installation. What is there already stays as it is."""
    forms.install(by=by, at=at)
    teams = {team.code: team for team in Team.objects.all()}
    made: dict[str, Category] = {category.code: category for category in Category.objects.all()}
    for place, kind in enumerate(CATEGORIES, start=1):
        if kind.code in made:
            continue
        made[kind.code] = Category.objects.create(
            code=kind.code,
            parent=made.get(kind.parent),
            type=kind.type,
            impact=kind.impact,
            urgency=kind.urgency,
            team=teams.get(kind.team),
            names=dict(zip(_LANGUAGES, (kind.en, kind.zh_hans, kind.zh_hant), strict=True)),
            form_key=FORMS.get(kind.code, ""),
            help=HELP.get(kind.code, {}),
            sort=place * 10,
        )
    for phrase in CANNED:
        CannedReply.objects.get_or_create(
            code=phrase.code,
            defaults={
                "names": dict(zip(_LANGUAGES, phrase.names, strict=True)),
                "bodies": dict(zip(_LANGUAGES, phrase.bodies, strict=True)),
                "category": made.get(phrase.category),
            },
        )
