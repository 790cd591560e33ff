from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from notebook import serving
from notebook.management.commands import serve
from notebook.pgembed.home import Home, Lock


@pytest.fixture
def data():
    """A data folder that the account PostgreSQL runs as can reach."""
    path = Path(tempfile.mkdtemp(prefix="notebook data-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def started(data, port):
    """Run `manage.py serve` on a data folder of its own, and end it whatever the test finds."""
    environment = os.environ | {"NOTEBOOK_DATA": str(data), "PORT": str(port), "DATABASE_URL": ""}
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--end-with-parent"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def test_one_command_serves_says_so_and_leaves_nothing_behind(data, port):
    with started(data, port) as first:
        said = ""
        while "Ctrl-C" not in said:
            line = first.stdout.readline()
            assert line, said
            said += line
        assert f"http://127.0.0.1:{port}" in said
        assert str(data) in said
        with urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
            assert page.headers["Set-Cookie"] is None
        with started(data, port + 1) as second:
            told, _ = second.communicate()
        assert second.returncode == 1
        assert f"already being served at http://127.0.0.1:{port} by process {first.pid}" in told
        os.killpg(first.pid, signal.SIGINT)
        first.stdout.read()
    home = Home(data / "postgres")
    with home.locked("supervisor"):  # it leaves when the database has
        assert home.postmaster() is None
    for lock in (home.lock("users"), Lock(data / "serve.lock")):
        assert lock.try_exclusive()
        lock.close()


def test_taken_port_is_told_before_anything_is_touched(data):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with started(data, taken) as process:
            told, _ = process.communicate()
    assert process.returncode == 1
    assert f"Port {taken} is taken by another program" in told
    assert not (data / "postgres").exists()


def test_port_that_is_none_is_a_sentence():
    with pytest.raises(serving.ServingError, match="ports go up to 65535"):
        serving.listen("127.0.0.1", 70000)


def test_address_of_another_machine_is_a_sentence():
    with pytest.raises(serving.ServingError, match=r"Cannot listen on 192\.0\.2\.1"):
        serving.listen("192.0.2.1", 8000)


def test_claim_outlived_by_workers_is_waited_for(tmp_path):
    """A killed master's workers hold its lock until they notice."""
    path = tmp_path / "serve.lock"
    with subprocess.Popen(["true"]) as dead:
        pass
    path.write_text(f"{dead.pid} http://127.0.0.1:8000")
    code = (
        "import sys; from notebook.pgembed.home import Lock; from pathlib import Path; "
        "lock = Lock(Path(sys.argv[1])); lock.exclusive(); print(flush=True); sys.stdin.read(1)"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        before = time.monotonic()
        leaving = subprocess.Popen(["/bin/sh", "-c", f"sleep 0.3; kill {worker.pid}"])
        serving.claim(path, "http://127.0.0.1:8001").close()
        leaving.wait()
    assert time.monotonic() - before >= 0.3
    assert path.read_text() == f"{os.getpid()} http://127.0.0.1:8001"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_killed_parent_takes_the_server_with_it(tmp_path):
    code = (
        "import os, signal\nfrom notebook import serving\n"
        "if os.fork():\n    os.wait()\n"
        "serving.end_with_parent()\nprint('ready', flush=True)\nsignal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR, stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        parent.kill()
        assert parent.stdout.read() == b""  # ends when the child has let go of it too


def test_static_files_are_collected_only_when_they_changed(settings, tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [source]
    collected = []
    monkeypatch.setattr(serve, "call_command", lambda *command, **options: collected.append(command))
    settings.STATIC_ROOT.mkdir()
    serve.collect_static()
    serve.collect_static()
    (source / "a.css").write_text("a { color: red }")
    serve.collect_static()
    assert collected == [("collectstatic",)] * 2


@pytest.mark.django_db
def test_admin_is_made_by_address_and_may_sign_in(client, monkeypatch):
    monkeypatch.setattr("notebook.management.commands.make_admin.ask_password", lambda: "long enough to keep")
    call_command("make_admin", email="Ann@Example.org")
    user = User.objects.get(email="ann@example.org", is_staff=True, is_superuser=True)
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
    assert client.login(username="ann@example.org", password="long enough to keep")


@pytest.mark.django_db
def test_weak_password_makes_no_admin(monkeypatch):
    monkeypatch.setattr("notebook.management.commands.make_admin.ask_password", lambda: "12345678")
    with pytest.raises(CommandError, match="too common"):
        call_command("make_admin", email="ann@example.org")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_known_reader_becomes_an_admin_with_the_same_password():
    reader = User.objects.create_user("ann", "ann@example.org", "the one I had")
    call_command("make_admin", email="ANN@example.org")
    reader.refresh_from_db()
    assert reader.is_superuser
    assert reader.check_password("the one I had")


@pytest.mark.django_db
def test_what_is_no_address_makes_no_admin():
    with pytest.raises(CommandError, match="valid email"):
        call_command("make_admin", email="ann")
