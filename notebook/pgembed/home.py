"""The folder of one embedded server: what is where in it, who may use it, what its pid file says."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = "5432"  # names the socket; nothing listens on the network
SOCKET_PATH_LIMIT = 80  # bytes, with room to spare: the kernel's own limit is 103 or 107


class PostgresError(Exception):
    """The embedded server cannot be used; the message is a sentence for the person at the keyboard."""


class Lock:
    """An advisory lock on an open file. The kernel drops it when the last holder of the file is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def shared(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_SH)

    def exclusive(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self.fd)


@dataclass(frozen=True)
class Home:
    """Paths under `path`, which is absolute and resolved."""

    path: Path

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def socket(self) -> Path:
        """The folder of the socket: under /tmp when libpq or the kernel could not take the path."""
        near = self.path / "socket"
        name = os.fsencode(near / f".s.PGSQL.{PORT}")
        if len(name) <= SOCKET_PATH_LIMIT and b"," not in name:  # libpq splits host on commas
            return near
        return Path("/tmp") / f"notebook-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"

    def lock(self, name: str) -> Lock:
        return Lock(self.path / f"{name}.lock")

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        lock = self.lock(name)
        try:
            lock.exclusive()
            yield
        finally:
            lock.close()

    def postmaster(self) -> int | None:
        """Return the pid of the server running on this folder, or None; a stale pid file is None."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        return pid if pid and _works_in(pid, self.data) else None

    def is_ready(self) -> bool:
        """Whether the server running on this folder says that it takes connections."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.postmaster() is not None

    def clear(self) -> None:
        """Remove what a killed server left: PostgreSQL refuses to start if the pid in it is in use again."""
        for left in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            left.unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return what the server said last, for an error message."""
        with suppress(OSError):
            return "".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-5:]).strip()
        return ""

    def _pid_file(self) -> list[str]:
        """Lines 1 and 8 are the pid and the state (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*)."""
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return []


def _works_in(pid: int, folder: Path) -> bool:
    """Whether process `pid` is alive and its working folder is `folder`, as a postmaster's is its data.

    A pid alone proves nothing: after a restart of the machine or container another program may have it.
    """
    if Path("/proc/self/cwd").exists():
        try:
            return os.readlink(f"/proc/{pid}/cwd") == str(folder)
        except OSError:
            return False
    told = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in told.stdout and str(folder) in told.stdout
