"""`make screenshots`: the notebook as a reader sees it, as pictures in docs/screenshots/.

Serves the notebook from a folder of its own, signs a reader up, has them follow a path, and takes every kind of
page on a phone and on a wide screen, light and dark. The notebook under .data/ is not touched.
"""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from tqdm import tqdm

from tools import chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
LIMIT_BYTES = 250_000
STARTS_IN_S = 120
PATH = "/paths/new-to-transformers/"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Device:
    name: str
    width: int
    height: int
    scale: int


DEVICES = (Device("phone", 390, 844, 2), Device("wide", 1440, 900, 1))
# What A4 leaves between the margins of print.css, and those margins, in CSS pixels.
SHEET = Device("print", 673, 979, 2)
MARGIN_X, MARGIN_Y = 60, 68


@dataclass(frozen=True)
class Shot:
    """One view: an address, what to bring to the top of the screen, and what to press there."""

    name: str
    address: str
    scroll_to: str = ""
    press: str = ""


SHOTS = (
    Shot("home", "/"),
    Shot("lesson", "/modules/kv-cache/", scroll_to="#derivation"),
    Shot("card", "/modules/kv-cache/", scroll_to=".lesson", press=".lesson p > a[href='#number-kv_per_token']:visible"),
    Shot("explorer", "/modules/kv-cache/", scroll_to=".explorer"),
    Shot("path", PATH),
    Shot("dashboard", "/dashboard/"),
    Shot("search", "/search/?q=cache"),
    Shot("exam", "/exams/design-chatgpt/?seed=7&begin=1"),
    Shot("failures", "/failures/"),
)
PRINT = Shot("print", "/modules/kv-cache/")


def main() -> None:
    program = chromium.find() or sys.exit(chromium.ADVICE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        reader = a_reader(browser, address)
        total = len(DEVICES) * len(THEMES) * len(SHOTS) + 1
        for name, picture in tqdm(pictures(browser, address, reader), total=total, unit="picture"):
            (FOLDER / f"{name}.png").write_bytes(shrunk(picture))
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """Serve the notebook with a database of its own and return its address."""
    with tempfile.TemporaryDirectory(prefix="notebook-shots-") as folder:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = os.environ | {"NOTEBOOK_DATA": folder, "PORT": str(port), "BIND": "127.0.0.1", "SITE_URL": ""}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "manage.py", "serve", "--end-with-parent"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", server)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(STARTS_IN_S * 5):
        if server.poll() is not None:
            sys.exit("The notebook did not start, for the reason above.")
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"The notebook did not start within {STARTS_IN_S} seconds.")


def a_reader(browser: Browser, address: str) -> StorageState:
    """Sign somebody up, have them read one lesson of a path and begin the next; return what their browser keeps."""
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/accounts/signup/")
        page.get_by_label("Email").fill("ada@example.org")
        page.get_by_label("Password").fill("a long walk in the park")
        page.locator("main").get_by_role("button").click()
        page.wait_for_url("**/dashboard/")
        page.goto(PATH)
        page.locator(".path-standing").get_by_role("button").click()
        page.wait_for_url("**/modules/**")
        page.get_by_role("button", name="Mark as completed").click()
        page.get_by_role("button", name="Mark as not completed").wait_for()
        for lesson in ("attention", "kv-cache"):
            page.goto(f"/modules/{lesson}/")
        return context.storage_state()


def pictures(browser: Browser, address: str, reader: StorageState) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the PNG of every view."""
    for device, theme in product(DEVICES, THEMES):
        with browser.new_context(
            base_url=address,
            storage_state=reader,
            viewport={"width": device.width, "height": device.height},
            device_scale_factor=device.scale,
            has_touch=device.name == "phone",
            color_scheme=theme,
            reduced_motion="reduce",
        ) as context:
            page = context.new_page()
            for shot in SHOTS:
                pose(page, shot)
                yield f"{shot.name}-{device.name}-{theme}", page.screenshot()
    with browser.new_context(
        base_url=address,
        viewport={"width": SHEET.width, "height": SHEET.height},
        device_scale_factor=SHEET.scale,
    ) as context:
        page = context.new_page()
        page.emulate_media(media="print")
        pose(page, PRINT)
        yield PRINT.name, on_paper(page.screenshot())


def pose(page: Page, shot: Shot) -> None:
    """Open a page and wait until it stands still."""
    page.goto(shot.address)
    page.evaluate("document.fonts.ready")
    if shot.scroll_to:
        page.locator(shot.scroll_to).first.evaluate(
            "node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 24)"
        )
    if shot.press:
        page.locator(shot.press).first.click()
        page.locator(".card").wait_for()
    # Some frames: what scrolling and the fonts have set in motion is laid out, then painted.
    page.evaluate("async () => { for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame); }")


def on_paper(png: bytes) -> bytes:
    """Put the printed area on a sheet with the margins of print.css."""
    area = Image.open(io.BytesIO(png)).convert("RGB")
    x, y = MARGIN_X * SHEET.scale, MARGIN_Y * SHEET.scale
    sheet = Image.new("RGB", (area.width + 2 * x, area.height + 2 * y), "white")
    sheet.paste(area, (x, y))
    return as_png(sheet)


def shrunk(png: bytes, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Return the picture in as many colours as keep it under the limit; flat pages need few."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        small = as_png(picture.quantize(colours, dither=Image.Dither.NONE))
        if len(small) <= limit_bytes:
            return small
    raise ValueError(f"a picture of {picture.width} × {picture.height} does not fit into {limit_bytes} bytes")


def as_png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
