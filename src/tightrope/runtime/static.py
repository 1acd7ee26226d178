"""In production the pages' files are served compressed and under names that change with their content."""

from __future__ import annotations

import hashlib
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import tightrope
from tightrope.runtime.journal import say
from tightrope.runtime.problems import RuntimeProblem


def publish(var: Path, environment: dict[str, str]) -> None:
    """Collect them into `var/static` unless that was done for exactly these files."""
    mark, noted = _mark(), var / "static" / ".published"
    if noted.exists() and noted.read_text(encoding="ascii") == mark:
        return
    say("Preparing the pages' files.")
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    if done.returncode:
        raise RuntimeProblem("The pages' files could not be prepared; nothing was started.")
    noted.write_text(mark, encoding="ascii")


def _mark() -> str:
    mark = hashlib.sha256()
    package = Path(tightrope.__file__).parent
    for path in sorted(package.glob("*/static/**/*")):
        if path.is_file():
            facts = path.stat()
            mark.update(f"{path.relative_to(package)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    for distribution in ("django", "django-ninja", "django-allauth"):
        mark.update(importlib.metadata.version(distribution).encode())
    return mark.hexdigest()
