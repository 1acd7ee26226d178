"""Small problems need no compiled loops, and compiling would take longer than all of these tests."""

from __future__ import annotations

import os

os.environ.setdefault("TIGHTROPE_PLAIN_LOOPS", "1")
