from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

from tools import chromium, install


@pytest.fixture
def project(monkeypatch, tmp_path):
    """An empty project with an environment that takes no time to make."""
    venv = tmp_path / ".venv"
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", venv)
    monkeypatch.setattr(install, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(install, "UNFINISHED", venv / "unfinished")
    (tmp_path / "some.lock").write_text("thing==1\n")
    ran = []

    def run(*command):
        ran.append("pip" if "pip" in command else "venv")
        if ran[-1] == "venv":
            (venv / "bin").mkdir()
            (venv / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(install, "run", run)
    return ran


def python(path="", **environment):
    return subprocess.run(
        ["/bin/sh", str(settings.BASE_DIR / "tools" / "python.sh")],
        env={"PATH": f"{path}:/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_first_install_makes_an_environment_and_the_second_does_nothing(project):
    install.main("some.lock")
    install.main("some.lock")
    assert project == ["venv", "pip"]


def test_changed_lock_is_installed_into_the_same_environment(project):
    install.main("some.lock")
    (install.ROOT / "some.lock").write_text("thing==2\n")
    install.main("some.lock")
    assert project == ["venv", "pip", "pip"]


def test_interrupted_install_starts_over(project):
    install.main("some.lock")
    install.UNFINISHED.touch()
    install.main("some.lock")
    assert project == ["venv", "pip", "venv", "pip"]
    assert not install.UNFINISHED.exists()


def test_environment_whose_python_is_gone_is_made_anew(project):
    install.main("some.lock")
    install.PYTHON.unlink()
    install.PYTHON.symlink_to("/nowhere/python")
    install.main("some.lock")
    assert project == ["venv", "pip", "venv", "pip"]


def test_failed_installation_is_not_taken_for_a_finished_one(project, monkeypatch):
    monkeypatch.setattr(install, "run", lambda *command: sys.exit("no network"))
    with pytest.raises(SystemExit, match="no network"):
        install.main("some.lock")
    assert install.UNFINISHED.exists()


def test_python_is_the_first_that_can_make_an_environment(tmp_path):
    program(tmp_path / "python3", "exit 1")  # too old, or without venv
    program(tmp_path / "python3.14", f'exec "{sys.executable}" "$@"')
    assert python(path=tmp_path).stdout.strip() == sys.executable


def test_python_may_be_chosen_wherever_it_is(tmp_path):
    program(tmp_path / "my python", f'exec "{sys.executable}" "$@"')
    assert python(PYTHON=str(tmp_path / "my python")).stdout.strip() == sys.executable


def test_machine_without_a_python_is_told_what_to_install():
    found = python(PYTHON="/nowhere/python")
    assert found.returncode == 1
    assert "apt-get install python3 python3-venv" in found.stderr


def test_chromium_is_the_chosen_one(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert chromium.find() == sys.executable


def test_chosen_chromium_that_is_not_there_stops_the_tests(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="there is no such program"):
        chromium.main()


def test_missing_chromium_is_a_sentence_where_it_cannot_be_installed(monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install chromium"):
        chromium.main()
