from dataclasses import dataclass

import pytest

from tightrope.ui.icons import UnknownIcon, icon_svg
from tightrope.ui.lights import LIGHTS, WORDS, WORDS_FOR_CUSTOMER, NoLight, light_of
from tightrope.ui.spark import run_svg, sparkline_svg


@dataclass
class Thing:
    status: str
    is_late: bool = False


def test_late_overrides_the_status():
    assert light_of(Thing("accepted")) == "accepted"
    assert light_of(Thing("accepted", is_late=True)) == "late"


def test_closed_is_as_green_as_solved_and_merged_as_grey_as_received():
    assert [light_of(status) for status in ("closed", "merged", "reopened")] == [
        "solved",
        "received",
        "reopened",
    ]


def test_a_thing_may_name_its_own_light():
    thing = Thing("accepted")
    thing.light = "waiting"

    assert light_of(thing) == "waiting"


def test_an_unknown_status_gets_no_colour():
    with pytest.raises(NoLight, match="elsewhere"):
        light_of("elsewhere")


def test_every_light_has_a_word_and_a_shape():
    assert set(WORDS) == set(WORDS_FOR_CUSTOMER) == set(LIGHTS)
    assert all("<svg" in icon_svg(f"light-{light}") for light in LIGHTS)


def test_an_icon_that_is_not_drawn_is_named():
    with pytest.raises(UnknownIcon, match="unicorn"):
        icon_svg("unicorn")


def test_an_icon_with_a_label_speaks():
    assert 'aria-label="&lt;Search&gt;"' in icon_svg("search", label="<Search>")
    assert 'aria-hidden="true"' in icon_svg("search")


def test_the_bar_is_never_fuller_than_full():
    assert 'class="run-gone" width="100"' in run_svg(140)
    assert 'class="run-gone" width="0"' in run_svg(-3)
    assert 'class="run-gone" width="71.5"' in run_svg(71.5)


def test_a_gap_in_the_trend_stays_a_gap():
    drawn = sparkline_svg([1, 2, None, 4], target=None, label="x")

    assert drawn.count("spark-line") == 2
    assert "spark-target" not in drawn


def test_a_target_of_nought_is_drawn():
    assert "spark-target" in sparkline_svg([3, 4], target=0, label="x")
    assert sparkline_svg([None], target=1, label="x") == ""
