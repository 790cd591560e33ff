"""The picture that stands for a lesson where its address is shared: title, summary and the number it begins with."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.html import strip_tags
from PIL import Image, ImageDraw, ImageFont

from modules.models import Module

SIZE = (1200, 630)
MARGIN, WIDTH = 80, 1040
PAPER, INK, SOFT, LINE = "#fdfdfb", "#1c1e21", "#54585f", "#2f5d9b"
NUMBER = re.compile(r'<a class="number number-(\w+)[^"]*"[^>]* title="([^":]*)[^"]*"[^>]*>(.*?)</a>')
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"


@lru_cache(maxsize=100)
def png(module_id: str, version: int, title: str, part: str, summary: str, hook: str) -> bytes:
    """Return the picture; all it shows is in the arguments, `version` but names it."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 16, SIZE[1]], fill=LINE)
    draw.text((MARGIN, 64), f"Every Number · {part}", font=_font("sans", 28), fill=SOFT)
    y = _lines(draw, title, "serif", 76, 130, INK, most=3)
    _lines(draw, summary, "sans", 34, y + 22, SOFT, most=2)
    numbers = NUMBER.findall(hook)
    if found := next((each for each in numbers if each[0] == "computed"), next(iter(numbers), None)):
        _kind, label, value = (unescape(strip_tags(part)).replace("\N{NO-BREAK SPACE}", " ").strip() for part in found)
        draw.text((MARGIN, 462), value, font=_font("serif", 62), fill=LINE)
        draw.line([MARGIN, 540, MARGIN + draw.textlength(value, font=_font("serif", 62)), 540], fill=LINE, width=3)
        _lines(draw, label, "sans", 26, 556, SOFT, most=1)
    out = BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def of(module: Module) -> bytes:
    return png(module.pk, module.version, module.title, module.part.title, module.summary, module.hook_html)


@lru_cache(maxsize=8)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{name}.woff2", size)


def _lines(draw: ImageDraw.ImageDraw, text: str, face: str, size: int, y: int, fill: str, most: int) -> int:
    """Write text in at most `most` lines, the last one cut where it is too long; return where the next begins."""
    font = _font(face, size)
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or draw.textlength(longer, font=font) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    for line in lines:
        draw.text((MARGIN, y), line, font=font, fill=fill)
        y += round(size * 1.22)
    return y
