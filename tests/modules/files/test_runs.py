"""What came of running code travels with the files, and never over something newer."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from modules.files import FileError
from modules.files.sync import dump, load
from modules.models import CodeRun, Module, Revision
from tests.factories import write_files, write_notebook

pytestmark = pytest.mark.django_db

RUN = "code: 0123456789abcdef\nsince: 2026-11-01\npassed: [sum]\n"


@pytest.fixture
def root(tmp_path):
    write_files(write_notebook(tmp_path), {"runs/one.yaml": RUN})
    load(tmp_path)
    return tmp_path


def test_it_is_loaded_and_dumped_as_it_was(root, tmp_path_factory):
    run = CodeRun.objects.get()
    assert (run.pk, run.since, run.passed, run.ran_at) == ("one", date(2026, 11, 1), ["sum"], None)
    elsewhere = tmp_path_factory.mktemp("dumped")
    dump(elsewhere)
    assert (elsewhere / "runs/one.yaml").read_text() == RUN


def test_it_is_no_edit_of_the_lesson(root):
    version = Module.objects.get(pk="one").version
    write_files(root, {"runs/one.yaml": RUN.replace("11-01", "11-02")})
    report = load(root)
    assert (report.loaded, report.kept) == (["runs/one.yaml"], [])
    assert Module.objects.get(pk="one").version == version
    assert not Revision.objects.filter(path__startswith="runs/").exists()


def test_what_was_run_here_since_stays(root):
    CodeRun.objects.update(code="f" * 16, since=date(2026, 11, 20), ran_at=timezone.now())
    report = load(root)
    assert report.kept == []
    assert CodeRun.objects.get().code == "f" * 16


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("runs/nobody.yaml", RUN, "there is no lesson 'nobody'"),
        ("runs/one.yaml", RUN.replace("2026-11-01", "May"), "since is not a date: 'May'"),
        ("runs/one.yaml", RUN.replace("code", "digest"), "unknown field 'digest'"),
        ("runs/one.yaml", "since: 2026-11-01\n", "the field 'code' is missing"),
        ("runs/one.yaml", RUN.replace("0123", "0123" * 9), "at most 16"),
    ],
)
def test_a_broken_file_is_refused_whole(root, path, text, message):
    write_files(root, {path: text})
    before = list(CodeRun.objects.values())
    with pytest.raises(FileError, match=message):
        load(root)
    assert list(CodeRun.objects.values()) == before
