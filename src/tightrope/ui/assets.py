"""What a page loads: style sheets in their order, and the modules of the import map.

Other capabilities announce their own behaviours once, in ``AppConfig.ready``::

    assets.register_element("plan-board", "dispatch/js/plan-board.js")
"""

from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

STYLES = tuple(
    f"ui/css/{name}.css"
    for name in (
        "tokens", "reset", "base",
        "shell", "portal", "light", "button", "chip", "due", "line", "message", "field",
        "table", "tabs", "panel", "float", "figure", "files",
        "utilities", "run", "print",
    )
)  # fmt: skip

ELEMENTS = (
    "due-clock", "relative-time", "draft-keeper", "undo-toast", "key-map", "live-region",
    "file-drop", "char-count", "copy-text", "dialog-link", "auto-submit", "same-form",
)  # fmt: skip

_modules: dict[str, str] = {
    "ui/words": "ui/js/words.js",
    "ui/times": "ui/js/times.js",
    "ui/drafts": "ui/js/drafts.js",
}
_modules |= {f"element/{name}": f"ui/js/{name}.js" for name in ELEMENTS}


def register_element(name: str, path: str) -> None:
    """Load the static module ``path`` on pages that contain the custom element ``name``."""
    _modules[f"element/{name}"] = path


def register_module(name: str, path: str) -> None:
    """Make ``import "name"`` find the static module ``path``."""
    _modules[name] = path


def import_map() -> dict[str, dict[str, str]]:
    """The import map with the addresses under which the modules are served now."""
    return {"imports": {name: address_of(path) for name, path in sorted(_modules.items())}}


def address_of(path: str) -> str:
    """Under which address a static file is served. With a manifest it never changes while the process lives."""
    if not isinstance(getattr(staticfiles_storage, "hashed_files", None), dict):
        return static(path)
    return _address_by_manifest(path)


@cache
def _address_by_manifest(path: str) -> str:
    return static(path)


@cache
def htmx_path() -> str | None:
    """Where the vendored htmx lies; None when set-up could not fetch it, and pages then work without."""
    for path in ("vendor/htmx.min.js", "vendor/htmx.js", "vendor/htmx.esm.js"):
        if finders.find(path):
            return path
    return None
