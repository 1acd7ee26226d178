"""How times and lengths are said in each language: data, so that a fourth language is one more entry.

The browser gets the same words (``script_wording``), so a figure that counts down never changes its voice.
"""

from dataclasses import asdict, dataclass
from functools import cache

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Wording:
    """Babel patterns and short sentences of one language; ``{}`` stands for the figure."""

    locale: str
    day: str
    day_with_year: str
    date_with_clock: str
    weekday: str
    today: str
    tomorrow: str
    yesterday: str
    minute: tuple[str, str]
    hour: tuple[str, str]
    calendar_day: tuple[str, str]
    below_a_minute: str
    between: str
    left: str
    over: str
    early: str
    late: str
    on_time: str
    just_now: str
    paused: str
    list_join: str


ENGLISH = Wording(
    locale="en",
    day="EEE d MMM",
    day_with_year="EEE d MMM y",
    date_with_clock="{day}, {clock}",
    weekday="EEE",
    today="Today",
    tomorrow="Tomorrow",
    yesterday="Yesterday",
    minute=("{} minute", "{} minutes"),
    hour=("{} hour", "{} hours"),
    calendar_day=("{} day", "{} days"),
    below_a_minute="under a minute",
    between=" ",
    left="{} left",
    over="late {}",
    early="{} early",
    late="{} late",
    on_time="on time",
    just_now="just now",
    paused="paused",
    list_join=", ",
)
SIMPLIFIED = Wording(
    locale="zh_Hans_CN",
    day="M月d日 EEE",
    day_with_year="y年M月d日 EEE",
    date_with_clock="{day} {clock}",
    weekday="EEE",
    today="今天",
    tomorrow="明天",
    yesterday="昨天",
    minute=("{} 分钟", "{} 分钟"),
    hour=("{} 小时", "{} 小时"),
    calendar_day=("{} 天", "{} 天"),
    below_a_minute="不到 1 分钟",
    between=" ",
    left="剩 {}",
    over="超 {}",
    early="提前 {}",
    late="超时 {}",
    on_time="准时",
    just_now="刚刚",
    paused="已暂停",
    list_join="、",
)
TRADITIONAL = Wording(
    locale="zh_Hant_TW",
    day="M月d日 EEE",
    day_with_year="y年M月d日 EEE",
    date_with_clock="{day} {clock}",
    weekday="EEE",
    today="今天",
    tomorrow="明天",
    yesterday="昨天",
    minute=("{} 分鐘", "{} 分鐘"),
    hour=("{} 小時", "{} 小時"),
    calendar_day=("{} 天", "{} 天"),
    below_a_minute="不到 1 分鐘",
    between=" ",
    left="剩 {}",
    over="逾 {}",
    early="提前 {}",
    late="逾時 {}",
    on_time="準時",
    just_now="剛剛",
    paused="已暫停",
    list_join="、",
)

_TRADITIONAL_REGIONS = ("hant", "tw", "hk", "mo")


@cache
def wording_of(language: str) -> Wording:
    """The wording of a language tag; any Chinese without a known script is simplified, the rest English."""
    parts = language.lower().replace("_", "-").split("-")
    if parts[0] != "zh":
        return ENGLISH
    if any(part in _TRADITIONAL_REGIONS for part in parts[1:]):
        return TRADITIONAL
    return SIMPLIFIED


def html_language(language: str) -> str:
    """The tag for ``<html lang>``: the script decides which glyphs a shared character gets."""
    wording = wording_of(language)
    return {"zh_Hans_CN": "zh-Hans", "zh_Hant_TW": "zh-Hant"}.get(wording.locale, language.split("-")[0])


def script_wording(language: str) -> dict[str, str]:
    """What the behaviours in the browser need to say."""
    words = asdict(wording_of(language))
    sentences = {
        "draft_restored": _("Your words from {} are back."),
        "files_again": _("Files have to be chosen again."),
        "discard": _("Discard"),
        "reconnecting": _("Reconnecting…"),
        "unreachable": _("The server cannot be reached. Nothing was changed; please try again."),
        "refused": _("This could not be done. Reload the page and try again."),
        "close": _("Close"),
        "keys": _("Keys"),
        "keys_on": _("Use single keys"),
        "key_next": _("Next row"),
        "key_previous": _("Previous row"),
        "key_open": _("Open the row"),
        "key_choose": _("Choose the row"),
        "key_search": _("Search"),
    }
    return {key: words[key] for key in ("left", "over", "just_now")} | sentences
