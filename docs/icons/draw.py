"""Draw the icons of the installed notebook from static/images/icon.svg: python docs/icons/draw.py (needs Chromium).

The maskable ones fill their square, since the system cuts them to its own shape, and keep the letter within the
circle that every shape leaves (w3c.github.io/manifest, "Icon masks": 40 percent of the width around the centre).
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import chromium

IMAGES = Path(__file__).resolve().parents[2] / "static" / "images"
SIZES = {"icon": (192, 512), "icon-maskable": (192, 512)}


def maskable(icon: str) -> str:
    """Return the icon with its ground to the edges and its letter at four fifths of the size."""
    square = re.sub(r' rx="\d+"', "", icon)
    return re.sub(r"(<rect[^>]*/>)(.*)</svg>", r'\1<g transform="translate(3.2 3.2) scale(.8)">\2</g></svg>', square)


def main() -> None:
    icon = (IMAGES / "icon.svg").read_text()
    drawings = {"icon": icon, "icon-maskable": maskable(icon)}
    (IMAGES / "icon-maskable.svg").write_text(drawings["icon-maskable"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        for name, sizes in SIZES.items():
            for size in sizes:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawings[name]}")
                page.screenshot(path=IMAGES / f"{name}-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
