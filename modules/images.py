"""What counts as a picture: SVG within the figure contract, PNG or WebP by content, all bounded."""

from __future__ import annotations

import io

from PIL import Image, UnidentifiedImageError

from modules.models.lesson import FIGURE_LIMIT_BYTES
from modules.rendering import clean_svg

RASTER = {"png": "PNG", "webp": "WEBP"}
LIMIT_PIXELS = 4000


def check_picture(name: str, data: bytes) -> None:
    """Raise ValueError, with a sentence, unless the bytes are a picture of the kind the name says."""
    if len(data) > FIGURE_LIMIT_BYTES:
        raise ValueError(f"{name} is {len(data):,} bytes; at most {FIGURE_LIMIT_BYTES:,} are kept")
    ending = name.rpartition(".")[2]
    if ending == "svg":
        clean_svg(_text(name, data), prefix=name.removesuffix(".svg"))
    elif ending in RASTER:
        if _open(name, data).format != RASTER[ending]:
            raise ValueError(f"{name} is not a {RASTER[ending]} picture")
    else:
        raise ValueError(f"{name}: a picture is an .svg, .png or .webp file")


def reencode(name: str, data: bytes) -> bytes:
    """Return an uploaded picture as WebP, so that nothing but its pixels is kept.

    Raises ValueError for what is not a picture, is too large, or is an SVG (those are figures: files, reviewed).
    """
    if len(data) > 10 * FIGURE_LIMIT_BYTES:
        raise ValueError(f"{name} is larger than {10 * FIGURE_LIMIT_BYTES // 10**6} MB")
    if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<svg>", b"<!doc"):
        raise ValueError(
            f"{name} is an SVG: add it as a figure below the text, where it is checked against the figure rules"
        )
    out = io.BytesIO()
    _open(name, data).convert("RGBA").save(out, "WEBP", quality=85)
    if out.tell() > FIGURE_LIMIT_BYTES:
        raise ValueError(f"{name} is still {out.tell():,} bytes as WebP; at most {FIGURE_LIMIT_BYTES:,} are kept")
    return out.getvalue()


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8") from None


def _open(name: str, data: bytes) -> Image.Image:
    """Open a raster picture by its content, bounded before any pixel is decoded."""
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG", "WEBP", "JPEG", "GIF"])
        if max(image.size) > LIMIT_PIXELS:
            raise ValueError(f"{name} is {image.size[0]} x {image.size[1]} pixels; at most {LIMIT_PIXELS} a side")
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError(f"{name} is not a picture that can be read") from None
    return image
