"""The agent that the path AI Engineering builds: its pieces fit in the order of the path, and the whole runs."""

from __future__ import annotations

import io
import subprocess
import sys
from zipfile import ZipFile

import pytest

from modules import programs, rendering, running
from modules.models import ProgramFile
from paths.models import LearningPath


@pytest.fixture
def path():
    return LearningPath.objects.get(program="agent")


def test_each_lesson_needs_only_what_was_built_before_it(path):
    """`defend` gives a lesson's code every file; a reader has those of the lessons before."""
    built = {}
    for step in path.steps.select_related("module").order_by("position"):
        document = rendering.parse(step.module.body)
        files = programs.needed(document, built)
        built |= document.files
        if not files:
            continue
        results = running.run([block.code for block in document.runs], files)
        assert [(step.module_id, result.error) for result in results if result.error] == []
    assert set(built) == {file.path for file in ProgramFile.objects.filter(path__startswith="agent/")}


def test_the_archive_runs_its_demonstration(path, client, tmp_path):
    archive = client.get(f"{path.get_absolute_url()}agent.zip")
    ZipFile(io.BytesIO(archive.content)).extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "agent"],
        cwd=tmp_path / "agent",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("killed")
    assert "made room: ['summarised']" in done.stdout
    assert "trials: {'discount': (6, 4)}" in done.stdout


def test_its_code_is_clean(tmp_path):
    for file in ProgramFile.objects.all():
        (tmp_path / file.path).parent.mkdir(exist_ok=True)
        (tmp_path / file.path).write_text(file.code)
    ruff = [sys.executable, "-m", "ruff"]
    style = ["--isolated", "--line-length", "100", "."]
    rules = ["--select", "E,F,B,I,UP,SIM,C4,RET", "--ignore", "B008"]  # a frozen default is shared without harm
    for command in (["check", *rules], ["format", "--diff"]):
        done = subprocess.run([*ruff, *command, *style], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
