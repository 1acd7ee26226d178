from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from tightrope.ui import format as written

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 15, 22, tzinfo=SHANGHAI)
LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.fixture(autouse=True)
def _in_english_in_shanghai():
    with timezone.override(SHANGHAI), translation.override("en"):
        yield


def in_each_language(say):
    spoken = []
    for language in LANGUAGES:
        with translation.override(language):
            spoken.append(say())
    return spoken


def test_a_moment_is_written_as_each_language_writes_it():
    at = datetime(2026, 11, 21, 14, 30, tzinfo=SHANGHAI)

    spoken = in_each_language(lambda: written.moment(at, now=NOW))

    assert spoken == ["Sat 21 Nov, 14:30", "11月21日 周六 14:30", "11月21日 週六 14:30"]


def test_the_year_is_said_when_it_is_not_this_one():
    at = datetime(2025, 5, 20, 9, 5, tzinfo=SHANGHAI)

    spoken = in_each_language(lambda: written.moment(at, now=NOW))

    assert spoken == ["Tue 20 May 2025, 09:05", "2025年5月20日 周二 09:05", "2025年5月20日 週二 09:05"]


def test_a_date_without_a_time_has_no_clock():
    assert written.moment(date(2026, 11, 21), now=NOW) == "Sat 21 Nov"


def test_an_instant_is_shown_in_the_active_time_zone():
    at = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)

    with timezone.override(SHANGHAI):
        assert written.moment(at, now=NOW) == "Sun 22 Nov, 06:30"
    with timezone.override("America/New_York"):
        assert written.moment(at, now=NOW) == "Sat 21 Nov, 17:30"


@pytest.mark.parametrize(
    ("hours", "spoken"),
    [
        (1, ["Today 16:22", "今天 16:22", "今天 16:22"]),
        (20, ["Tomorrow 11:22", "明天 11:22", "明天 11:22"]),
        (-24, ["Yesterday 15:22", "昨天 15:22", "昨天 15:22"]),
        (48, ["Mon 15:22", "周一 15:22", "週一 15:22"]),
        (24 * 7, ["Sat 28 Nov, 15:22", "11月28日 周六 15:22", "11月28日 週六 15:22"]),
    ],
)
def test_a_nearby_instant_gets_its_shortest_unmistakable_name(hours, spoken):
    assert in_each_language(lambda: written.nearby(NOW + timedelta(hours=hours), now=NOW)) == spoken


def test_within_a_sentence_the_day_begins_with_a_small_letter():
    def said(hours):
        return in_each_language(
            lambda: written.nearby(NOW + timedelta(hours=hours), now=NOW, in_sentence=True)
        )

    assert said(24)[0].startswith("tomorrow ")
    assert said(24)[1].startswith("明天 ")
    assert said(72)[0][0].isupper()


def test_relative_time_has_a_blank_between_figure_and_chinese():
    spoken = in_each_language(lambda: written.ago(NOW - timedelta(minutes=5), now=NOW))

    assert spoken == ["5 minutes ago", "5 分钟前", "5 分鐘前"]
    assert in_each_language(lambda: written.ago(NOW, now=NOW)) == ["just now", "刚刚", "剛剛"]
    assert written.ago(NOW + timedelta(hours=2), now=NOW) == "in 2 hours"


def test_a_working_duration_never_becomes_days():
    spoken = in_each_language(lambda: written.duration(timedelta(hours=49, minutes=8)))

    assert spoken == ["49 hours 8 minutes", "49 小时 8 分钟", "49 小時 8 分鐘"]


def test_durations_know_one_and_many_and_almost_nothing():
    assert written.duration(timedelta(hours=1, minutes=1)) == "1 hour 1 minute"
    assert in_each_language(lambda: written.duration(40)) == ["under a minute", "不到 1 分钟", "不到 1 分鐘"]
    assert written.calendar_duration(timedelta(days=2, hours=3, minutes=9)) == "2 days 3 hours"
    assert written.short_duration(timedelta(hours=1, minutes=8, seconds=59)) == "1:08"


def test_a_margin_says_early_late_or_on_time():
    assert in_each_language(lambda: written.margin(timedelta(minutes=38))) == [
        "38 minutes early",
        "提前 38 分钟",
        "提前 38 分鐘",
    ]
    assert in_each_language(lambda: written.margin(timedelta(minutes=-12))) == [
        "late 0:12",
        "超 0:12",
        "逾 0:12",
    ]
    assert in_each_language(lambda: written.margin(timedelta(hours=18))) == [
        "18 hours early",
        "提前 18 小时",
        "提前 18 小時",
    ]
    assert in_each_language(lambda: written.margin(timedelta(seconds=20))) == ["on time", "准时", "準時"]


def test_time_left_counts_below_a_day_and_names_the_day_above():
    assert in_each_language(lambda: written.time_left(NOW + timedelta(hours=1, minutes=8), now=NOW)) == [
        "1:08 left",
        "剩 1:08",
        "剩 1:08",
    ]
    assert written.time_left(NOW - timedelta(minutes=12), now=NOW) == "late 0:12"
    assert written.time_left(NOW + timedelta(days=2), now=NOW) == "Mon 15:22"
    assert written.time_left(NOW - timedelta(days=9), now=NOW) == "late 9 days"


def test_money_is_kept_in_hundredths_and_named_in_foreign_tongues():
    assert in_each_language(lambda: written.money(128_000)) == ["CN¥1,280.00", "¥1,280.00", "CN¥1,280.00"]
    assert written.money(-50, "EUR") == "-€0.50"


def test_figures_have_the_digits_asked_for():
    assert written.number(3012) == "3,012"
    assert written.number(Decimal("4.2"), digits=2) == "4.20"
    assert written.percent(0.934, digits=1) == "93.4%"
    assert written.file_size(2_412_000) == "2.4 MB"
    assert written.file_size(999) == "999 B"


def test_initials_fit_the_script_of_the_name():
    assert [written.initials(name) for name in ("周敏", "黃雅婷", "Anna Keller", "王", "Ola", "")] == [
        "敏",
        "雅婷",
        "AK",
        "王",
        "O",
        "",
    ]


def test_lists_are_joined_with_the_comma_of_the_language():
    assert in_each_language(lambda: written.joined(["a", "b"])) == ["a, b", "a、b", "a、b"]


@given(st.integers(min_value=-10_000_000, max_value=10_000_000), st.sampled_from(LANGUAGES))
def test_every_length_can_be_said(seconds, language):
    with translation.override(language):
        said = [written.duration(seconds), written.calendar_duration(seconds), written.margin(seconds)]

    assert all(said)
    assert "{}" not in "".join(said)
