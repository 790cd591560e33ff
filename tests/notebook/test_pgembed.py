"""Real servers, started and killed by real processes; test_pgembed_parts.py has what needs no server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from notebook.pgembed import server
from notebook.pgembed.home import Home

USER = """
import os, signal, sys
from pathlib import Path
import psycopg
from notebook.pgembed.server import ensure

socket = ensure(Path(sys.argv[1]))
for line in sys.stdin:
    if line == "fork\\n" and os.fork():
        os.kill(os.getpid(), signal.SIGKILL)
    sql = "SELECT 'forked'" if line == "fork\\n" else line
    with psycopg.connect(host=str(socket), port=5432, user="notebook", dbname="notebook", autocommit=True) as database:
        cursor = database.execute(sql)
        print(cursor.fetchone()[0] if cursor.description else "done", flush=True)
"""


class User:
    """A process that uses the server in a folder and does as told."""

    def __init__(self, path, **environment):
        command = [sys.executable, "-c", USER, str(path)]
        self.process = subprocess.Popen(
            command,
            cwd=server.PROJECT,
            env=os.environ | environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, sql):
        print(sql, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def kill(self):
        self.process.kill()
        self.end()

    def end(self):
        with self.process:
            self.process.stdin.close()


@pytest.fixture
def folder():
    """A folder that the account PostgreSQL runs as can reach, which pytest's own is not when root runs it."""
    path = Path(tempfile.mkdtemp(prefix="notebook-pg-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    for lock in path.rglob("supervisor.lock"):
        home = Home(lock.parent)
        server.hold(home)
        server.leave(home)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def user(folder):
    users = []

    def make(name="home", **environment):
        users.append(User(folder / name, **environment))
        return users[-1]

    yield make
    for each in users:
        each.kill()


def eventually(fact):
    """Wait until `fact()` is true: what another process does has no other sign."""
    limit = time.monotonic() + 15
    while not (value := fact()):
        assert time.monotonic() < limit, "waited 15 seconds"
        time.sleep(0.02)
    return value


def supervisor_pid(home):
    return int((home.path / "supervisor.lock").read_text() or 0)  # empty while a new one takes over


def is_free(home, name):
    lock = home.lock(name)
    try:
        return lock.try_exclusive()
    finally:
        lock.close()


@pytest.mark.parametrize("name", ['l\'été "q", $x `y`', "long " * 26, "plain"])
def test_any_folder_and_any_environment_will_do(folder, user, name):
    someone = user(name, PATH="", LANG="xx_YY.UTF-8", LC_ALL="tlh")
    assert someone.ask("SELECT lower('É')") == "é"
    socket = Home(folder / name).socket
    assert socket.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(socket)) < 100


def test_users_share_a_server_that_ends_with_the_last_and_keeps_every_row(folder, user):
    home = Home(folder / "home")
    users = [user() for _ in range(4)]  # all at once, on an empty folder
    for someone in users:
        someone.ask("SELECT 1")
    pid = home.postmaster()
    users[0].ask("CREATE TABLE kept AS SELECT 42 AS n")
    users[0].kill()
    users[1].end()
    users[2].kill()
    assert users[3].ask("SELECT n FROM kept") == "42"
    assert home.postmaster() == pid
    users[3].kill()
    eventually(lambda: is_free(home, "supervisor"))
    assert home.postmaster() is None
    assert user().ask("SELECT n FROM kept") == "42"


def test_killed_server_is_restarted_for_the_users_it_had(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("CREATE TABLE kept AS SELECT 42 AS n")
    pid = home.postmaster()
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: home.postmaster() not in (None, pid) and home.is_ready())
    assert someone.ask("SELECT n FROM kept") == "42"


def test_killed_supervisor_is_replaced_and_the_server_stays(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("SELECT 1")
    pid, first = home.postmaster(), supervisor_pid(home)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: supervisor_pid(home) not in (0, first))
    assert someone.ask("SELECT 1") == "1"
    assert home.postmaster() == pid
    someone.kill()
    eventually(lambda: home.postmaster() is None)


def test_killed_supervisor_and_server_are_both_replaced(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("CREATE TABLE kept AS SELECT 42 AS n")
    pid, first = home.postmaster(), supervisor_pid(home)
    os.kill(first, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: home.postmaster() not in (None, pid) and home.is_ready())
    assert someone.ask("SELECT n FROM kept") == "42"


def test_everything_killed_at_once_starts_again(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("CREATE TABLE kept AS SELECT 42 AS n")
    for pid in (supervisor_pid(home), home.postmaster(), someone.process.pid):
        os.kill(pid, signal.SIGKILL)
    # The number in what is left of the pid file may belong to anyone by now: to us, say.
    left = home.data / "postmaster.pid"
    lines = left.read_text().split("\n")
    left.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert user().ask("SELECT n FROM kept") == "42"


def test_forked_child_that_outlives_its_parent_keeps_the_server(folder, user):
    someone = user()
    someone.ask("SELECT 1")
    pid = Home(folder / "home").postmaster()
    assert someone.ask("fork") == "forked"
    assert someone.process.wait() == -signal.SIGKILL
    assert someone.ask("SELECT 1") == "1"
    assert Home(folder / "home").postmaster() == pid


def test_last_to_leave_sees_the_server_out(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("SELECT 1")
    server.hold(home)
    someone.end()
    server.leave(home)
    assert home.postmaster() is None
    assert is_free(home, "supervisor")


def test_last_to_leave_stops_a_server_whose_supervisor_was_killed(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("SELECT 1")
    server.hold(home)
    someone.kill()
    os.kill(supervisor_pid(home), signal.SIGKILL)
    server.leave(home)
    assert home.postmaster() is None


def test_first_to_leave_leaves_the_server_to_others(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("SELECT 1")
    server.hold(home)
    server.leave(home)
    assert someone.ask("SELECT 1") == "1"


def test_interrupted_first_start_heals(folder, user):
    unfinished = folder / "home" / "data.new-1"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert user().ask("SELECT 1") == "1"
    assert not unfinished.exists()


def test_server_that_cannot_start_says_why(folder, user):
    home = Home(folder / "home")
    someone = user()
    someone.ask("SELECT 1")
    server.hold(home)
    someone.end()
    server.leave(home)
    (home.data / "postgresql.conf").write_text("shared_buffers = 'plenty'")
    with pytest.raises(server.PostgresError, match="shared_buffers"):
        server.ensure(home.path)
