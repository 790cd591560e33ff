"""manage.py train_bpe: what it learns from and what it leaves."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from modules.labs.merges import read


def train(root, to, **options):
    return call_command("train_bpe", root=root, to=to, verbosity=0, **options)


@pytest.fixture
def lessons(tmp_path):
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "one.md").write_text("---\ntitle: zz zz zz zz\n---\nab ab ab", "utf-8")
    return tmp_path


def test_it_learns_from_the_bodies_alone(lessons, tmp_path):
    train(lessons, tmp_path / "out.txt", merges=5)
    assert read((tmp_path / "out.txt").read_text())[0] == (b"a", b"b")


def test_running_it_twice_gives_the_same_file(lessons, tmp_path):
    files = [tmp_path / "first.txt", tmp_path / "second.txt"]
    for file in files:
        train(lessons, file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_no_lessons_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="no lessons"):
        train(tmp_path, tmp_path / "out.txt")
