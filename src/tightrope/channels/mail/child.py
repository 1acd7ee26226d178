"""The process that reads strangers' mail: `python -I -m tightrope.channels.mail.child`.

It gets one mail after another on its standard input and answers each with two frames: the parsed mail
first, then the sanitised HTML. So when sanitising runs into the limits, the text has already arrived.
It has 512 MB of memory and 10 s of processor time for each mail, may write no files, and holds no secret:
it is started with an empty environment.
"""

import json
import resource
import struct
import sys
from contextlib import suppress
from typing import BinaryIO, Final

from tightrope.channels.mail.html import HtmlRefused, sanitise
from tightrope.channels.mail.parse import parse_mail
from tightrope.channels.mail.parsed import ParsedMail, Unreadable
from tightrope.channels.mail.strip import strip_html
from tightrope.channels.mail.wire import to_json

MEMORY_BYTES: Final = 512 * 1024 * 1024
CPU_SECONDS: Final = 10
MAX_CPU_SECONDS_OF_A_CHILD: Final = 3_600
LENGTH: Final = struct.Struct(">Q")


def main() -> None:
    """Serve until the parent closes the pipe."""
    _limit()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        _allow_cpu(CPU_SECONDS)
        _serve(source.read(LENGTH.unpack(head)[0]), sink)


def _serve(raw: bytes, sink: BinaryIO) -> None:
    try:
        parsed = parse_mail(raw)
    except MemoryError:
        parsed = Unreadable("memory")
    except RecursionError:
        parsed = Unreadable("too-deep")
    _answer(sink, to_json(parsed))
    if isinstance(parsed, Unreadable):
        return
    clean, clean_new, note = "", "", ""
    if parsed.html.strip():
        clean, clean_new, note = _cleaned(parsed)
    _answer(sink, json.dumps({"clean": clean, "clean_new": clean_new, "note": note}).encode())


def _cleaned(parsed: ParsedMail) -> tuple[str, str, str]:
    try:
        clean = sanitise(parsed.html)
        stripped = strip_html(parsed.html)
        clean_new = sanitise(parsed.html[: stripped.html_cut]) if stripped.html_cut > 0 else ""
    except HtmlRefused as refusal:
        return "", "", str(refusal)
    except MemoryError:
        return "", "", "html-memory"
    return clean, clean_new, ""


def _answer(sink: BinaryIO, frame: bytes) -> None:
    sink.write(LENGTH.pack(len(frame)))
    sink.write(frame)
    sink.flush()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, MAX_CPU_SECONDS_OF_A_CHILD))


def _allow_cpu(seconds: int) -> None:
    """The limit counts the life of the process, so it moves on with each mail."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime) + seconds
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, MAX_CPU_SECONDS_OF_A_CHILD))


if __name__ == "__main__":
    main()
