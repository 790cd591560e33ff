"""Make .venv hold exactly what a lock file says: `python3 tools/install.py requirements.lock`.

Quick when nothing has changed, and safe to interrupt: an unfinished environment is made anew. Needs nothing
but the standard library of Python 3.11.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
OLDEST = (3, 11)


def main(lock: str) -> None:
    wanted = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.sha256"
    if is_done(stamp, wanted):
        return
    with alone():
        if not is_done(stamp, wanted):
            install(lock)
            stamp.write_text(wanted)
            UNFINISHED.unlink()


def install(lock: str) -> None:
    if UNFINISHED.exists() or not works():
        shutil.rmtree(VENV, ignore_errors=True)
        print(f"Making the environment with Python {sys.version.split()[0]} ...", flush=True)
        VENV.mkdir()
        UNFINISHED.touch()
        run(sys.executable, "-m", "venv", str(VENV))
    print(f"Installing {lock} ...", flush=True)
    UNFINISHED.touch()
    run(
        *(str(PYTHON), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--no-deps", "--require-hashes", "-r", lock),
    )


def is_done(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted and not UNFINISHED.exists() and works()


def works() -> bool:
    """Whether the environment's Python runs and is new enough; it may have been removed or the folder copied."""
    code = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def alone() -> Iterator[None]:
    """Lock the folder itself, until we are done or gone."""
    fd = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is installing here; waiting for it ...", flush=True)
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("PIP_USER", "PYTHONHOME")}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit("The installation failed, for the reason above. The next make tries again.")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"The installation failed: {error}.")
