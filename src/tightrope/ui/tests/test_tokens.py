"""The contrast of every text colour on every surface, in both schemes, as WCAG 2.2 AA asks."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static" / "ui" / "css" / "tokens.css"
SURFACES = ("paper", "sheet", "sunk", "note", "accent-soft")
TEXTS = ("ink", "ink-2", "ink-3", "accent", "received", "accepted", "waiting", "solved", "late")


def colours() -> dict[str, tuple[str, str]]:
    pairs = re.findall(r"--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)", TOKENS.read_text())
    return {name: (light, dark) for name, light, dark in pairs}


def luminance(oklch: str) -> float:
    lightness, chroma, hue = (float(part) for part in re.findall(r"[\d.]+", oklch)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    lightness /= 100
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    shown = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * shown[0] + 0.7152 * shown[1] + 0.0722 * shown[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_surface(text, surface, scheme):
    known = colours()

    assert contrast(known[text][scheme], known[surface][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "sheet"])
def test_the_edge_of_a_field_can_be_seen(surface, scheme):
    known = colours()

    assert contrast(known["edge"][scheme], known[surface][scheme]) >= 3


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_primary_button_can_be_read(scheme):
    known = colours()

    assert contrast(known["on-accent"][scheme], known["accent"][scheme]) >= 4.5
