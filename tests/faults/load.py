"""Programs that open, answer and note cases, and say again what was not acknowledged until it is."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

PATIENCE = 240.0
CASES_OF_A_CUSTOMER = 12
"""More from one domain of strangers within the hour would be taken for a robot, and its letters withheld."""


@dataclass
class Load:
    """What was asked for and acknowledged. `acknowledged` holds (what, marker) of each write."""

    url: str
    key: str
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    longest: float = 0.0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._guard = threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(4)]

    def begin(self) -> None:
        """Begin to write from four sides."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let everything that was begun come to its acknowledgement."""
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE + 60)
            assert not thread.is_alive()

    def _work(self, number: int) -> None:
        with httpx.Client(base_url=self.url, timeout=15) as client:
            for turn in itertools.count():
                if self._over.is_set():
                    return
                self._one_case(client, f"customer{number}-{turn // CASES_OF_A_CUSTOMER}.example")

    def _one_case(self, client: httpx.Client, domain: str) -> None:
        marker = uuid4().hex
        contact = {"name": f"客户 {marker[:6]}", "mail": f"{marker}@{domain}"}
        case = self._say(
            client, "/api/v1/cases", {"title": f"case {marker}", "text": "漏水", "contact": contact,
            "is_answerable": False}, "case", marker,
        )  # fmt: skip
        if case is None:
            return
        place = f"/api/v1/cases/{case['id']}"
        self._say(client, f"{place}/replies", {"text": f"reply {marker}"}, "reply", marker)
        self._say(client, f"{place}/notes", {"text": f"note {marker}"}, "note", marker)
        self._say(client, f"{place}/solution", {"solution": "answer"}, "solution", marker)

    def _say(self, client: httpx.Client, path: str, wanted: dict[str, object], what: str, marker: str):
        """Write once, however often it must be said."""
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"{what}-{marker}"}
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            try:
                answer = client.post(path, json=wanted, headers=headers)
            except httpx.HTTPError as error:
                self._count(type(error).__name__)
            else:
                self._count(str(answer.status_code))
                if answer.is_success:
                    with self._guard:
                        self.acknowledged.append((what, marker))
                        self.longest = max(self.longest, time.monotonic() - began)
                    return answer.json()
                if answer.status_code < 500:
                    with self._guard:
                        self.refused.append(f"{path} {answer.status_code} {answer.text[:300]}")
                    return None
            with self._guard:
                self.repeated += 1
            time.sleep(0.2)
        with self._guard:
            self.refused.append(f"{path}: not acknowledged within {PATIENCE:g} s")
        return None

    def _count(self, answer: str) -> None:
        with self._guard:
            self.answers[answer] += 1
