"""Every icon that a template asks for is in the sprite: a missing one would be an error page."""

from __future__ import annotations

import re
from pathlib import Path

from tightrope.ui.icons import icon_svg

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tightrope"


def test_every_icon_asked_for_is_there():
    asked = set()
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text()
        asked |= set(re.findall(r'{%\s*icon\s+"([a-z-]+)"', text))
        asked |= set(re.findall(r'\bicon(?:_end)?="([a-z-]+)"', text))

    for name in sorted(asked):
        assert icon_svg(name), name
