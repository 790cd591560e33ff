"""The notebook served as in production, for the measurements that need a server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings


@contextlib.contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Serve the notebook and the bare views; give the port and the process id of the master."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:notebook.gunicorn_config"]
    process = subprocess.Popen([*gunicorn, "--bind", f"127.0.0.1:{port}"], cwd=settings.BASE_DIR)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")
