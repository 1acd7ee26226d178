"""Asking a virus scanner (clamd) over its socket: INSTREAM, length-prefixed chunks, one answer."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

CONNECT_SECONDS = 3
ANSWER_SECONDS = 60
LONGEST_ANSWER = 4096


class Unreachable(Exception):
    """The scanner did not answer, or not in a way that says clean or not. Nothing is passed then."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner said; `found` names what it found."""

    is_clean: bool
    found: str = ""


def scan(content: Iterable[bytes], *, address: str) -> Verdict:
    """Let the scanner at `address` ("host:port" or "/path/of/socket") look at a content. Raises Unreachable."""
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\x00")
            for chunk in content:
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            return _verdict(_answer(line))
    except OSError as error:
        raise Unreachable(f"The virus scanner at {address} did not answer: {error}") from error


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
    else:
        host, _, port = address.rpartition(":")
        if not port.isdigit():
            raise Unreachable(
                f"{address} is no address of a virus scanner: it reads host:port or /path/of/socket."
            )
        line = socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS)
    line.settimeout(ANSWER_SECONDS)
    return line


def _answer(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\x00") and len(answer) < LONGEST_ANSWER:
        part = line.recv(1024)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\x00\r\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    what = answer.partition(": ")[2]
    if what == "OK":
        return Verdict(is_clean=True)
    if what.endswith(" FOUND"):
        return Verdict(is_clean=False, found=what.removesuffix(" FOUND")[:200])
    raise Unreachable(f"The virus scanner said: {answer[:200] or 'nothing'}")
