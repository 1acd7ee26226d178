"""Where this installation keeps its things, and the environment its parts are started with."""

from __future__ import annotations

import os
import pwd
import secrets
from collections.abc import MutableMapping
from pathlib import Path

import tightrope
from tightrope.runtime.problems import RuntimeProblem

INSTALLED_VAR = Path("/var/lib/tightrope")


def checkout() -> Path | None:
    """The source tree that the program runs from, or None when it is installed."""
    root = Path(tightrope.__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").exists() and (root / "src" / "tightrope").is_dir() else None


def data_folder() -> Path:
    """TIGHTROPE_VAR, else `var` in the checkout, else /var/lib/tightrope; made when it is missing."""
    chosen = os.environ.get("TIGHTROPE_VAR")
    root = checkout()
    var = Path(chosen) if chosen else root / "var" if root else INSTALLED_VAR
    try:
        var.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RuntimeProblem(
            f"The data folder {var} cannot be made ({problem.strerror}): choose another with TIGHTROPE_VAR."
        ) from None
    if not os.access(var, os.W_OK | os.X_OK):
        raise RuntimeProblem(f"The data folder {var} may not be written by this account.")
    owner = var.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        # Files that root makes there would be closed to the account that works with them every day.
        raise RuntimeProblem(
            f"The data folder {var} belongs to {_name(owner)}: run this as that account (sudo -u)."
        )
    return var.resolve()


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def secret_key(var: Path) -> str:
    """The key that signs sessions and links: made once, readable by its owner only."""
    path = var / "secret-key"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made before, perhaps a moment ago by another part
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 50:
        raise RuntimeProblem(
            f"{path} holds no whole key. Remove it to make a new one; everybody then signs in again."
        )
    return key


def complete(environment: MutableMapping[str, str], var: Path) -> None:
    """Fill in what an administrator need not set. What is set stays."""
    environment["TIGHTROPE_VAR"] = str(var)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "tightrope.config.settings")
    environment.setdefault("TIGHTROPE_MODE", "development" if checkout() else "production")
    if not environment.get("TIGHTROPE_SECRET_KEY"):
        environment["TIGHTROPE_SECRET_KEY"] = secret_key(var)
