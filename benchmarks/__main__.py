"""`make bench`: every benchmark that needs nothing from outside, one after the other.

Names choose some: `python -m benchmarks web worktime`. The planning instances are read from the folder named
by TIGHTROPE_BENCH_DATA; without it those that need them are left out and said.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDS_DATA = {"planning/routing", "planning/siting"}


def main(chosen: list[str]) -> int:
    found = {
        str(path.relative_to(HERE).with_suffix("")): path
        for path in sorted(HERE.rglob("*.py"))
        if not path.name.startswith("_") and path.stem not in {"corpus", "measuring"}
    }
    failed = []
    for name, path in found.items():
        if chosen and not any(name == one or name.endswith(f"/{one}") for one in chosen):
            continue
        if name in NEEDS_DATA and not os.environ.get("TIGHTROPE_BENCH_DATA"):
            print(f"--- {name}: left out, TIGHTROPE_BENCH_DATA names no folder with the public instances")
            continue
        print(f"--- {name}", flush=True)
        command = [sys.executable, str(path)]
        if name in NEEDS_DATA:
            command += ["--data", os.environ["TIGHTROPE_BENCH_DATA"]]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    for name in failed:
        print(f"--- {name} missed a goal or failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
