"""Files to test with, made on the spot."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from PIL import Image

from tightrope.core.actor import Actor, Kind
from tightrope.files import actions
from tightrope.files.models import Attachment

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
ZHOU = Actor(kind=Kind.STAFF, id=1, name="周敏")
LI_NA = Actor(kind=Kind.CONTACT, id=7, contact=7, name="李娜")
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(form: str = "PNG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def photo_with_place(form: str = "JPEG") -> bytes:
    """As a phone makes it: with the place (31.2304 N, 121.4737 E) and the phone's name."""
    exif = Image.Exif()
    exif[0x0110] = "Phone 12"
    place = exif.get_ifd(0x8825)
    place[1], place[3] = "N", "E"
    place[2], place[4] = (31.0, 13.0, 49.44), (121.0, 28.0, 25.32)
    return picture(form, exif=exif)


def stored(content: bytes = b"", *, name: str = "photo.png", **facts: object) -> Attachment:
    options = {"account_id": None, "by": ZHOU, "at": NOW} | facts
    return actions.store_file(content or picture(), name=name, **options)  # type: ignore[arg-type]


def attached(attachment: Attachment, subject_id: int = 1, *, is_public: bool = True) -> Attachment:
    return actions.attach(
        attachment, subject_type="thing", subject_id=subject_id, account_id=None, is_public=is_public
    )


@contextmanager
def clamd() -> Iterator[str]:
    """A scanner that speaks clamd's INSTREAM and knows one virus. Yields its address."""

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = b""
            while not command.endswith(b"\x00"):
                command += self.rfile.read(1)
            assert command == b"zINSTREAM\x00"
            content = b""
            while (length := struct.unpack(">I", self.rfile.read(4))[0]) > 0:
                content += self.rfile.read(length)
            said = b"Win.Test.EICAR_HDB-1 FOUND" if b"EICAR-STANDARD" in content else b"OK"
            self.wfile.write(b"stream: " + said + b"\x00")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
