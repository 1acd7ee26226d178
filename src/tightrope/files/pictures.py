"""Small copies of pictures, drawn anew: what is shown inline is never the stranger's own bytes."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

THUMBNAIL_PIXELS = 320
SHOWN_PIXELS = 1600
MOST_PIXELS = 60_000_000
"""A phone's camera makes 50 million at most; a picture beyond that is a bomb or a plan, and stays a download."""
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


@dataclass(frozen=True)
class Copies:
    """Two copies as JPEG without any word about place, camera or author."""

    thumbnail: bytes
    shown: bytes


def copies_of(content: bytes) -> Copies | None:
    """The copies of a picture; None for one that cannot or must not be opened."""
    from PIL import Image  # only the worker draws pictures: the web process starts without the library

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of size and odd metadata; the size is judged here
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                picture.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
                shown = _drawn(picture, SHOWN_PIXELS)
                return Copies(thumbnail=_written(_drawn(shown, THUMBNAIL_PIXELS)), shown=_written(shown))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, OverflowError, TypeError,
            KeyError, ZeroDivisionError, Image.DecompressionBombError):  # fmt: skip
        # Pillow raises any of these over a broken or hostile file; it stays a download without a picture.
        return None


def _drawn(picture: Image.Image, pixels: int) -> Image.Image:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture) or picture
    upright.thumbnail((pixels, pixels))
    if upright.mode in {"RGBA", "LA", "P", "PA"}:
        clear = upright.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return upright.convert("RGB")


def _written(picture: Image.Image) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    clean.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()
