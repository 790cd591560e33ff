"""The process that owns one server: starts it, restarts it if it dies, stops it when its users are gone.

    python -m notebook.pgembed.supervisor HOME LOCK

`server.py` starts it with LOCK, an open file that holds the exclusive lock on supervisor.lock. It writes a
sentence to its standard output when it cannot start the server, and closes it when the server is ready.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from . import cluster
from .account import account_for
from .home import Home, PostgresError

if TYPE_CHECKING:
    from types import FrameType

GRACE_S = 1.0  # the next manage.py command often follows at once
START_LIMIT_S = 60.0  # recovery after a crash replays the log first
STOP_LIMIT_S = 30.0
RETRY_S = 0.5
STEADY_S = 10.0  # a server that ran this long did not die of starting
LONGEST_DELAY_S = 5.0


class Postmaster(Protocol):
    def wait(self) -> int: ...
    def send_signal(self, sig: int) -> None: ...


class Adopted:
    """A server whose own supervisor was killed: not our child, so its end has to be looked for."""

    def __init__(self, home: Home, pid: int) -> None:
        self.home, self.pid = home, pid

    def wait(self) -> int:
        while self.home.postmaster() == self.pid:
            time.sleep(0.5)
        return 0

    def send_signal(self, sig: int) -> None:
        if self.home.postmaster() == self.pid:
            os.kill(self.pid, sig)


class Supervisor:
    def __init__(self, home: Home) -> None:
        self.home = home
        self.account = account_for(home.data)
        self.users = home.lock("users")
        self.stopping = threading.Event()
        self.postmaster: Postmaster | None = None

    def run(self) -> None:
        try:
            self.start()
        except PostgresError:
            time.sleep(RETRY_S)  # the processes of a server that was killed may still be leaving
            self.start()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever waits for us reads the end of the file: ready
        threading.Thread(target=self.stop_without_users, daemon=True).start()
        delay_s = 0.0
        while self.postmaster:
            started = time.monotonic()
            self.postmaster.wait()
            delay_s = 0.0 if time.monotonic() - started > STEADY_S else min(delay_s * 2 + 0.1, LONGEST_DELAY_S)
            if self.stopping.wait(delay_s):
                return
            try:
                self.start()
            except (PostgresError, OSError) as error:
                print(error, file=sys.stderr, flush=True)

    def start(self) -> None:
        """Adopt or start the server and wait until it is ready."""
        pid = self.home.postmaster()
        if pid:
            self.postmaster = Adopted(self.home, pid)
        else:
            programs = cluster.prepare(self.home, self.account)
            self.home.clear()
            self.postmaster = cluster.start(self.home, self.account, programs)
        limit = time.monotonic() + START_LIMIT_S
        while not self.home.is_ready() and not self.stopping.is_set():
            ended = isinstance(self.postmaster, subprocess.Popen) and self.postmaster.poll() is not None
            if ended or time.monotonic() > limit:
                raise PostgresError(f"PostgreSQL did not start; {self.home.log} ends with:\n{self.home.last_words()}")
            time.sleep(0.02)
        if self.stopping.is_set():  # the signal may have come when there was nobody to pass it on to
            self.postmaster.send_signal(signal.SIGINT)

    def stop_without_users(self) -> None:
        while True:
            self.users.exclusive()
            self.users.release()
            self.stopping.wait(GRACE_S)
            if self.users.try_exclusive():  # kept until we are gone: new users wait for a clean end
                return self.stop()

    def stop(self, *_: int | FrameType | None) -> None:
        """Shut the server down: open transactions are rolled back, committed ones are on disk."""
        self.stopping.set()
        if self.postmaster:
            self.postmaster.send_signal(signal.SIGINT)
            force = threading.Timer(STOP_LIMIT_S, self.postmaster.send_signal, [signal.SIGQUIT])
            force.daemon = True
            force.start()


def main(path: str, lock: str) -> None:
    if os.fork():  # whoever started us must not have to wait for our end
        os._exit(0)
    os.set_inheritable(int(lock), False)  # ours alone: PostgreSQL must not outlive us with it
    os.ftruncate(int(lock), 0)
    os.pwrite(int(lock), str(os.getpid()).encode(), 0)
    try:
        supervisor = Supervisor(Home(Path(path)))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, supervisor.stop)
        supervisor.run()
    except (PostgresError, OSError) as error:
        print(error, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
