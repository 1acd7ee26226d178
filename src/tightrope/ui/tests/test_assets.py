import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from tightrope.ui import assets, icons

STATIC = Path(__file__).parent.parent / "static"
TEMPLATES = Path(__file__).parent.parent / "templates"


def modules() -> list[Path]:
    return sorted((STATIC / "ui" / "js").glob("*.js"))


def test_every_style_sheet_and_module_named_is_there():
    named = [*assets.STYLES, *(path for path in assets._modules.values() if path.startswith("ui/"))]

    assert [path for path in named if finders.find(path) is None] == []


def test_no_style_sheet_lies_around_unused():
    lying = {f"ui/css/{path.name}" for path in (STATIC / "ui" / "css").glob("*.css")}

    assert lying == set(assets.STYLES)


def test_every_custom_element_in_the_templates_has_its_behaviour():
    markup = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r"<([a-z]+-[a-z-]+)", markup))

    assert used <= set(assets.ELEMENTS)


def test_each_behaviour_defines_the_element_it_is_named_after():
    for name in assets.ELEMENTS:
        assert f'customElements.define("{name}"' in (STATIC / "ui" / "js" / f"{name}.js").read_text(
            encoding="utf-8"
        )


def test_modules_import_only_what_the_import_map_knows():
    known = set(assets.import_map()["imports"])

    for module in modules():
        imported = re.findall(r'(?:from|import\()\s*"([^"]+)"', module.read_text(encoding="utf-8"))
        assert set(imported) <= known, module.name


def test_behaviours_write_no_markup_from_text():
    for module in modules():
        if module.name != "live-region.js":  # puts in a fragment that our own server rendered
            assert "innerHTML" not in module.read_text(encoding="utf-8"), module.name


def test_an_element_of_another_capability_can_be_announced(monkeypatch):
    monkeypatch.setattr(assets, "_modules", dict(assets._modules))

    assets.register_element("plan-board", "ui/js/main.js")

    assert assets.import_map()["imports"]["element/plan-board"].endswith("ui/js/main.js")


def test_every_style_sheet_stays_in_its_layer():
    for path in assets.STYLES:
        text = re.sub(r"/\*.*?\*/", "", (STATIC / path).read_text(encoding="utf-8"), flags=re.DOTALL)
        outside = re.sub(r"@layer [\w, ]+;", "", text)
        assert re.match(r"\s*@layer \w+ {", outside), path


def test_every_icon_is_small_and_drawn_in_the_ink_around_it():
    drawn = icons.drawings()

    assert len(drawn) >= 40
    for name, drawing in drawn.items():
        assert len(drawing.shapes) < 400, name
        assert not re.search(r'(fill|stroke)="#', drawing.shapes), name


def test_the_first_page_stays_far_below_its_budget():
    page = render_to_string("ui/desk.html", {}, request=RequestFactory().get("/")).encode()
    files = [
        *assets.STYLES,
        "ui/js/main.js",
        *(path for path in assets._modules.values() if path.startswith("ui/")),
    ]
    if htmx := assets.htmx_path():
        files.append(htmx)

    sent = len(gzip.compress(page)) + sum(
        len(gzip.compress(Path(finders.find(path)).read_bytes())) for path in files
    )

    assert sent < 75_000
