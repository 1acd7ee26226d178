"""What the planning benchmarks share: CPU seconds, the table they print, and the lines that they keep.

    python benchmarks/planning/measuring.py > table.md

Run by itself it writes the newest line of every instance, engine and seed as a Markdown table.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "results"


class Rows:
    """The table of one benchmark, and a JSON line for each of its rows in a file not under version control."""

    def __init__(self, name: str, *, folder: Path = RESULTS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"planning-{name}.jsonl"
        self.stamp = {
            "benchmark": name,
            "commit": commit(),
            "machine": f"{platform.machine()} x{os.cpu_count()}, Python {platform.python_version()}",
        }
        print(f"{'instance':46} {'seed':>6} {'CPU s':>9} {'value':>14} {'reference':>14} {'gap':>10}")

    def add(
        self,
        instance: str,
        value: float,
        reference: float | None = None,
        *,
        seed: int | str = "-",
        cpu: float = 0.0,
        note: str = "",
        **more: Any,
    ) -> None:
        """Print and keep one row. The gap is relative; to a reference of zero it is absolute."""
        gap = None
        if reference is not None:
            gap = value - reference if reference == 0 else value / reference - 1
        print(
            f"{instance:46} {seed:>6} {cpu:9.4f} {value:14.9g}"
            f" {'' if reference is None else f'{reference:14.9g}':>14} {_in_words(gap):>10}  {note}".rstrip(),
            flush=True,
        )
        row = {
            "instance": instance,
            "seed": seed,
            "cpu_s": cpu,
            "value": value,
            "reference": reference,
            "gap": gap,
            "note": note,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({**self.stamp, **row, **more}) + "\n")

    def known(self, beginning: str) -> list[dict[str, Any]]:
        """Rows kept so far, in this run and earlier ones, whose instance begins like this."""
        if not self.file.exists():
            return []
        kept = [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]
        return [row for row in kept if row["instance"].startswith(beginning)]


def cpu_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process that the work took, and its result."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def least_cpu(work: Callable[[], Any]) -> float:
    """Least CPU seconds of five runs, each of as many calls as fill ten milliseconds."""
    best = float("inf")
    for _ in range(5):
        calls, began = 0, time.process_time()
        while time.process_time() - began < 0.01:
            work()
            calls += 1
        best = min(best, (time.process_time() - began) / calls)
    return best


def commit() -> str:
    """The short name of the last commit that changed what is measured."""
    planning = RESULTS.parents[1] / "src" / "tightrope" / "planning"
    found = subprocess.run(
        ["git", "-C", str(RESULTS.parent), "log", "-1", "--format=%h", "--", str(planning)],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"


def markdown(folder: Path = RESULTS) -> str:
    """The newest line of every benchmark, instance and seed."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for path in sorted(folder.glob("planning-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            newest[row["benchmark"], row["instance"], str(row["seed"])] = row
    lines, last = [], ""
    for (benchmark, _, _), row in newest.items():
        if benchmark != last:
            last = benchmark
            lines += ["", f"## {benchmark}", ""]
            lines.append("| Instance | Seed | CPU s | Value | Reference | Gap | Note | Commit |")
            lines.append("| --- " * 8 + "|")
        reference = "" if row["reference"] is None else f"{row['reference']:.9g}"
        cells = [row["instance"], row["seed"], f"{row['cpu_s']:.4g}", f"{row['value']:.9g}", reference]
        cells += [_in_words(row["gap"]), row["note"], row["commit"]]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines).strip() + "\n"


def _in_words(gap: float | None) -> str:
    if gap is None:
        return ""
    return f"{gap:.1e}" if 0 < abs(gap) < 5e-5 else f"{gap:+.2%}"


if __name__ == "__main__":
    print(markdown(), end="")
