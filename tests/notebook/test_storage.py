from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from notebook.storage import StaticFiles, in_one_piece

STATIC = settings.BASE_DIR / "static"
SHEETS = {f"css/{path.name}": (FileSystemStorage(STATIC / "css"), path.name) for path in STATIC.glob("css/*.css")}


@pytest.fixture
def sheets(tmp_path):
    """Write style sheets and return them as collectstatic hands them over."""

    def write(**texts):
        folder = tmp_path / "source"
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.css").write_text(text)
        storage = FileSystemStorage(folder)
        return {f"css/{name}.css": (storage, f"{name}.css") for name in texts}

    return write


@pytest.mark.parametrize("name", SHEETS)
def test_no_import_of_ours_is_left_to_the_browser(name: str):
    whole = in_one_piece(name, SHEETS)
    assert "@import" not in (whole or Path(STATIC, name).read_text())


def test_every_sheet_of_a_page_is_in_the_one_it_asks_for():
    found = set(re.findall(r'@import "(.+?)"', (STATIC / "css/notebook.css").read_text()))
    assert {"tokens.css", "base.css", "lesson.css", "figures.css", "pages.css", "print.css"} <= found


def test_imports_are_replaced_in_their_order_and_a_medium_is_kept(sheets):
    paths = sheets(all='@import "one.css";\n@import "two.css" print;\nb {}\n', one="a {}\n", two="c {}\n")
    assert in_one_piece("css/all.css", paths) == "a {}\n\n@media print {\nc {}\n}\nb {}\n"
    assert in_one_piece("css/one.css", paths) is None


def test_collected_sheet_is_whole_hashed_and_compressed(sheets, tmp_path):
    paths = sheets(all='@import "one.css";\n', one="a { color: red }\n" * 100)
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    for name, (source, path) in paths.items():
        with source.open(path) as file:
            storage.save(name, file)
    for _ in range(2):  # collecting again leaves the same
        list(storage.post_process(dict(paths)))
        hashed = storage.stored_name("css/all.css")
        assert (tmp_path / hashed).read_text() == "a { color: red }\n" * 100 + "\n"
        assert (tmp_path / f"{hashed}.br").exists()
