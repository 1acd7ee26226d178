"""Read mails in warm child processes that can be killed. Nothing a mail contains raises here."""

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self

from tightrope.channels.mail.child import LENGTH
from tightrope.channels.mail.parsed import ParsedMail, Unreadable
from tightrope.channels.mail.scan import MAX_MAIL_BYTES
from tightrope.channels.mail.wire import from_json

WALL_SECONDS: Final = 10.0
MAILS_PER_CHILD: Final = 500
LARGE_MAIL_BYTES: Final = 4 * 1024 * 1024
MAX_FRAME_BYTES: Final = 64 * 1024 * 1024


class ChildGone(Exception):
    """The child ended, hung, or answered what it never should; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailReader:
    """A few warm children, each reading one mail at a time. Safe to share between threads.

    A child is replaced after 500 mails, after a large mail (so that its memory goes back) and after any
    failure. Children end by themselves when the process that started them is gone.
    """

    def __init__(self, *, children: int = 1, wall_seconds: float = WALL_SECONDS) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(children)
        self._wall_seconds = wall_seconds

    def read(self, raw: bytes) -> ParsedMail | Unreadable:
        """Read one mail: parsed and sanitised, or Unreadable with the reason."""
        if len(raw) > MAX_MAIL_BYTES:
            return Unreadable("too-big")
        with self._places:
            child = self._take()
            is_reusable = False
            try:
                result = child.read(raw, deadline=time.monotonic() + self._wall_seconds)
                is_reusable = child.mails_read < MAILS_PER_CHILD and len(raw) <= LARGE_MAIL_BYTES
                is_reusable = is_reusable and not child.is_gone
            except ChildGone as gone:
                result = Unreadable(gone.reason)
            finally:
                self._give_back(child, is_reusable=is_reusable)
            return result

    def close(self) -> None:
        """End all children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self) -> "_Child":
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                # After a fork the pipes are shared with the parent process: leave its children alone.
                if child.owner == os.getpid() and child.is_alive():
                    return child
        return _Child()

    def _give_back(self, child: "_Child", *, is_reusable: bool) -> None:
        if is_reusable:
            with self._lock:
                self._idle.append(child)
        else:
            child.end()


@dataclass(slots=True)
class _Second:
    clean_html: str
    clean_new_html: str
    note: str


class _Child:
    def __init__(self) -> None:
        self.owner = os.getpid()
        self.mails_read = 0
        self.is_gone = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-m", "tightrope.channels.mail.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def read(self, raw: bytes, *, deadline: float) -> ParsedMail | Unreadable:
        self.mails_read += 1
        self._write(LENGTH.pack(len(raw)), deadline)
        self._write(raw, deadline)
        try:
            parsed = from_json(self._frame(deadline))
        except (ValueError, KeyError, TypeError) as error:
            raise ChildGone("garbled") from error
        if isinstance(parsed, Unreadable):
            return parsed
        second = self._second_frame(deadline)
        cuts = (*parsed.cuts, second.note) if second.note else parsed.cuts
        return replace(parsed, clean_html=second.clean_html, clean_new_html=second.clean_new_html, cuts=cuts)

    def end(self) -> None:
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _second_frame(self, deadline: float) -> _Second:
        """The sanitised HTML; without it the text still stands, so its failure is only noted."""
        try:
            fields = json.loads(self._frame(deadline))
            return _Second(str(fields["clean"]), str(fields["clean_new"]), str(fields["note"]))
        except ChildGone as gone:
            self.is_gone = True
            return _Second("", "", f"html-{gone.reason}")
        except (ValueError, KeyError, TypeError):
            self.is_gone = True
            return _Second("", "", "html-garbled")

    def _write(self, content: bytes, deadline: float) -> None:
        view = memoryview(content)
        while view:
            self._wait(self._input, selectors.EVENT_WRITE, deadline)
            try:
                view = view[os.write(self._input, view[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ChildGone(self._why_it_ended()) from error

    def _frame(self, deadline: float) -> bytes:
        size = LENGTH.unpack(self._bytes(LENGTH.size, deadline))[0]
        if size > MAX_FRAME_BYTES:
            raise ChildGone("garbled")
        return self._bytes(size, deadline)

    def _bytes(self, size: int, deadline: float) -> bytes:
        got = bytearray()
        while len(got) < size:
            self._wait(self._output, selectors.EVENT_READ, deadline)
            try:
                piece = os.read(self._output, min(size - len(got), 1 << 20))
            except BlockingIOError:
                continue
            if not piece:
                raise ChildGone(self._why_it_ended())
            got += piece
        return bytes(got)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise ChildGone("time")

    def _why_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "gone"
        # SIGXCPU is the processor limit; an abort is native code out of memory.
        return {-24: "time", -9: "memory", -6: "memory", -11: "crash"}.get(code, "crash")


class _Shared:
    """This process's own reader, made at the first mail."""

    lock: threading.Lock
    reader: MailReader | None

    def __init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """After a fork too: the new process has neither the children nor the threads that may have held
        the lock."""
        self.lock = threading.Lock()
        self.reader = None


_shared = _Shared()


def read_mail(raw: bytes) -> ParsedMail | Unreadable:
    """Read one mail with this process's own warm child, started at the first call."""
    with _shared.lock:
        if _shared.reader is None:
            _shared.reader = MailReader()
        reader = _shared.reader
    return reader.read(raw)


def close_shared_reader() -> None:
    """End this process's warm child, for a clean shutdown; the next mail starts another."""
    with _shared.lock:
        reader, _shared.reader = _shared.reader, None
    if reader is not None:
        reader.close()


os.register_at_fork(after_in_child=_shared.start_anew)
atexit.register(close_shared_reader)
