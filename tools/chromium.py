"""Find a Chromium for the browser tests, or install one where that is safe: `python tools/chromium.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/usr/bin", "/usr/local/bin", "/snap/bin")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Quiet, and at home in a container; playwright adds --headless.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADVICE = (
    "The browser tests need Chromium and found none. Install it (Debian and Ubuntu: apt-get install chromium, as root; "
    "macOS: brew install --cask chromium), or set CHROMIUM to the program."
)


def find() -> str | None:
    """Return the path of a Chromium or Chrome on this machine. CHROMIUM names one."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    found = [shutil.which(name, path=path) for name in NAMES] + [shutil.which(program) for program in APPLICATIONS]
    return next(filter(None, found), None)


def main() -> None:
    if find():
        return
    if os.environ.get("CHROMIUM"):
        sys.exit(f"CHROMIUM is {os.environ['CHROMIUM']!r}, and there is no such program.")
    if os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)
    if not find():
        sys.exit(ADVICE)


if __name__ == "__main__":
    main()
