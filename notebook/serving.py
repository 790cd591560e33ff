"""What `manage.py serve` needs of the operating system: one server a folder, a port, a parent."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys
import time
from pathlib import Path

from notebook.pgembed.home import Lock

LEAVING_S = 15.0  # workers whose master was killed notice within a second and finish their requests
LAST_PORT = 65535
PR_SET_PDEATHSIG = 1  # prctl(2)


class ServingError(Exception):
    """The notebook cannot be served; the message is a sentence for the person at the keyboard."""


def claim(path: Path, address: str) -> Lock:
    """Return the lock that only one server of a data folder holds, and note in it who that is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(path)
    limit = time.monotonic() + LEAVING_S
    while not lock.try_exclusive():
        pid, _, where = path.read_text().partition(" ")
        if not pid or _is_alive(int(pid)) or time.monotonic() > limit:
            by = f" at {where} by process {pid}. Stop that one first (Ctrl-C there, or kill {pid})" if pid else ""
            raise ServingError(f"The notebook in {path.parent} is already being served{by}.")
        time.sleep(0.1)
    os.ftruncate(lock.fd, 0)
    os.pwrite(lock.fd, f"{os.getpid()} {address}".encode(), 0)
    return lock


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; readers who come early wait in its queue."""
    if port > LAST_PORT:
        raise ServingError(f"PORT is {port}; ports go up to {LAST_PORT}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServingError(
                f"Port {port} is taken by another program. Stop it, or choose another port: PORT={port + 1} make run"
            ) from error
        raise ServingError(f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}.") from error


def end_with_parent() -> None:
    """Ask for SIGTERM when the process that started us dies, kill -9 included. Linux only; survives exec."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGTERM)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
