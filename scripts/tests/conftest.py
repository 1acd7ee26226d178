"""The scripts are programs, not an installed package: tests reach them as they reach each other."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
