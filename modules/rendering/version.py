"""Which renderer made a page. Any change to it, or to what it stands on, makes every page stale."""

import hashlib
from importlib.metadata import version
from pathlib import Path

LIBRARIES = (
    "markdown-it-py",
    "mdit-py-plugins",
    "mdformat",
    "mdformat-gfm",
    "mdformat-footnote",
    "math-core",
    "nh3",
    "Pygments",
)


def _digest() -> str:
    here = Path(__file__).parent
    # Explorers and labs are drawn into the page too.
    files = sorted(
        file for name in ("rendering", "ledger", "explorers", "labs") for file in here.parent.glob(f"{name}/*.py")
    )
    made_of = [
        *(file.read_text(encoding="utf-8") for file in files),
        *(f"{name} {version(name)}" for name in LIBRARIES),
    ]
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:12]


VERSION = _digest()
