"""Check an exported record without the program that wrote it: python exported.py FILE

Needs nothing but Python's own library, so that an auditor can take this one file along and read it first.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMED_AT_MOST = 100


@dataclass
class Finding:
    """What an exported file holds, and a sentence for everything about it that is not as it was written."""

    events: int = 0
    streams: int = 0
    left_out: int = 0
    """Places at which the part that was asked for leaves entries of a chain out."""
    faults: list[str] = field(default_factory=list)


@dataclass
class _Chain:
    """The entries of one subject as far as they follow each other, and those that came before their turn."""

    seq: int = 0
    hash: str = ""
    early: dict[int, tuple[str, str]] = field(default_factory=dict)


def check(lines: Iterable[str]) -> Finding:
    """Recompute every hash and every link of an exported record."""
    found, chains, digest = Finding(), dict[str, _Chain](), hashlib.sha256()
    head: dict[str, Any] | None = None
    foot: dict[str, Any] | None = None
    for number, text in enumerate(lines, start=1):
        try:
            line = json.loads(text, parse_float=Decimal)
            if foot is not None:
                found.faults.append(f"line {number}: stands behind the end")
            elif head is None:
                head = {"has_whole_chains": line["has_whole_chains"]}
            elif "end" in line:
                foot = line
            else:
                digest.update(text.encode())
                found.events += 1
                _check_event(line, number, found)
                _link(line, chains.setdefault(line["stream"], _Chain()), found)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as problem:
            found.faults.append(f"line {number}: cannot be read ({type(problem).__name__}: {problem})")
    found.streams = len(chains)
    for stream, chain in chains.items():
        _check_rest(stream, chain, found, whole=bool(head and head["has_whole_chains"]))
    _check_end(foot, digest.hexdigest(), found)
    return found


def _check_event(line: dict[str, Any], number: int, found: Finding) -> None:
    name, sealed = f"{line['stream']} {line['seq']}", line["sealed"]
    if hashlib.sha256(sealed.encode()).hexdigest() != line["hash"]:
        found.faults.append(f"line {number}: the hash of {name} is not that of its content")
    if json.loads(sealed, parse_float=Decimal) != _facts_of(line):
        found.faults.append(f"line {number}: what is shown of {name} is not what was hashed")


def _link(line: dict[str, Any], chain: _Chain, found: Finding) -> None:
    """Two acts at the same moment may stand in the other order than in their chain: the early one waits."""
    seq = line["seq"]
    if seq <= chain.seq or seq in chain.early:
        found.faults.append(f"{line['stream']} {seq} stands twice")
        return
    chain.early[seq] = (line["prev_hash"], line["hash"])
    while chain.seq + 1 in chain.early:
        _follow(line["stream"], chain, chain.seq + 1, found)


def _follow(stream: str, chain: _Chain, seq: int, found: Finding) -> None:
    before, own = chain.early.pop(seq)
    if seq == chain.seq + 1 and before != chain.hash:
        found.faults.append(f"{stream} {seq} does not follow the one before it")
    chain.seq, chain.hash = seq, own


def _check_rest(stream: str, chain: _Chain, found: Finding, *, whole: bool) -> None:
    """What stands behind a gap: in a part of the record gaps are expected, in the whole they are a loss."""
    for seq in sorted(chain.early):
        if seq > chain.seq + 1 and whole:
            found.faults.append(f"{stream} lacks {chain.seq + 1} to {seq - 1}")
        elif seq > chain.seq + 1:
            found.left_out += 1
        _follow(stream, chain, seq, found)


def _facts_of(line: dict[str, Any]) -> list[Any]:
    """The readable parts of a line in the order in which they were hashed."""
    subject_type, _colon, subject_id = line["stream"].rpartition(":")
    microseconds = (datetime.fromisoformat(line["at"]) - EPOCH) // timedelta(microseconds=1)
    actor = line["actor"]
    return [
        line["prev_hash"], line["seq"], Decimal(microseconds) / 1_000_000, line["kind"], line["is_public"],
        subject_type, int(subject_id), line["account_id"], actor["kind"], actor["id"], actor["name"], line["facts"],
    ]  # fmt: skip


def _check_end(foot: dict[str, Any] | None, digest: str, found: Finding) -> None:
    if foot is None:
        found.faults.append("the end is missing: the file was cut off")
    elif (foot.get("events"), foot.get("sha256")) != (found.events, digest):
        found.faults.append(
            "the events are not those that were exported: a line was added, taken away or changed"
        )


def check_file(path: Path) -> int:
    """Print what was found; 1 when anything is not as it was written."""
    try:
        # What is not UTF-8 becomes question marks, which no hash fits: a fault like any other.
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            found = check(lines)
    except OSError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for sentence in found.faults[:NAMED_AT_MOST]:
        sys.stdout.write(f"{sentence}\n")
    partly = f", {found.left_out} gap(s) of a part that leaves entries out" if found.left_out else ""
    counted = f"{found.events} event(s) of {found.streams} subject(s){partly}"
    sys.stdout.write(f"{counted}: {len(found.faults)} fault(s).\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python exported.py FILE")
    sys.exit(check_file(Path(sys.argv[1])))
