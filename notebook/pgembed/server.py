"""What users of an embedded server call. A user is any process; it leaves by ending, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from .account import account_for
from .home import Home, Lock, PostgresError

READY_LIMIT_S = 60.0
RETRY_S = 5.0
PROJECT = Path(__file__).resolve().parents[2]
SHARED_PLACE = Path("/var/lib/study-notebook")

_mutex = threading.Lock()
_sockets: dict[tuple[int, Path], Path] = {}
_holds: dict[Path, Lock] = {}


def ensure(path: Path) -> Path:
    """Start the server in folder `path` unless it runs, and return the folder of its socket.

    The server then runs at least as long as this process and those forked from it. Raises PostgresError.
    """
    with _mutex:
        key = (os.getpid(), path)  # a forked child holds the lock too, but has no watching thread yet
        if key not in _sockets:
            try:
                home = settle(path)
                account_for(home.data)
                hold(home)
                _start(home)
            except OSError as error:
                raise PostgresError(f"Cannot keep a database in {path}: {error}.") from error
            threading.Thread(target=_watch, args=[home], name="pgembed", daemon=True).start()
            _sockets[key] = home.socket
        return _sockets[key]


def settle(path: Path) -> Home:
    """Return the home at `path`, making its folder on first use.

    Root may keep the notebook in a folder closed to others, such as /root, where the account that PostgreSQL
    runs as cannot follow. Then the folder is made under /var/lib and `path` becomes a link to it.
    """
    if not os.path.lexists(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        account = account_for(path / "data")
        if account.reaches(path.parent):
            path.mkdir(exist_ok=True)
        else:
            SHARED_PLACE.mkdir(parents=True, exist_ok=True)
            SHARED_PLACE.chmod(0o755)
            place = Path(tempfile.mkdtemp(prefix="postgres-", dir=SHARED_PLACE))
            try:
                path.symlink_to(place)
            except FileExistsError:  # another process was first
                place.rmdir()
        if account.borrowed:
            path.chmod(0o711)
    return Home(path.resolve())


def hold(home: Home) -> None:
    """Become a user, without starting anything; waits while a server is just shutting down."""
    if home.path not in _holds:
        lock = home.lock("users")
        lock.shared()
        _holds[home.path] = lock


def leave(home: Home) -> None:
    """Stop being a user; the last one stops the server and waits until it is gone."""
    users = _holds.pop(home.path)
    users.release()
    if users.try_exclusive():
        supervisor = home.lock("supervisor")
        if not supervisor.try_exclusive():
            _end(int(supervisor.path.read_text()), signal.SIGTERM)
            supervisor.exclusive()
        while pid := home.postmaster():  # its supervisor was killed and nobody is left who would replace it
            _end(pid, signal.SIGINT)
            time.sleep(0.1)
        supervisor.close()
    users.close()


def _end(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _start(home: Home) -> None:
    """Return when the server is ready; the first to find no supervisor starts one."""
    with home.locked("start"):
        supervisor = home.lock("supervisor")
        try:
            limit = time.monotonic() + READY_LIMIT_S
            while not supervisor.try_exclusive():
                if home.is_ready():
                    return
                if time.monotonic() > limit:
                    raise PostgresError(f"PostgreSQL is not ready; {home.log} ends with:\n{home.last_words()}")
                time.sleep(0.02)
            _spawn(home, supervisor)
        finally:
            supervisor.close()


def _spawn(home: Home, lock: Lock) -> None:
    """Start a supervisor, which inherits the lock as it stands, and wait for its word."""
    command = [sys.executable, "-m", f"{__package__}.supervisor", str(home.path), str(lock.fd)]
    with home.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=os.environ | {"PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=[lock.fd],
            start_new_session=True,  # Ctrl-C is for the users; the server goes after them
        )
    told, _ = process.communicate()
    if told or process.returncode:
        raise PostgresError(told.decode().strip() or f"The supervisor of PostgreSQL failed; see {home.log}.")


def _watch(home: Home) -> None:
    """Replace the supervisor if it is killed: wait for the lock it holds."""
    while True:
        try:
            supervisor = home.lock("supervisor")
            supervisor.shared()
            supervisor.close()
            if home.path not in _holds:
                return
            _start(home)
        except PostgresError:
            time.sleep(RETRY_S)
        except OSError:  # the folder itself is gone
            return
