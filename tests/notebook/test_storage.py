from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from modules.sheets import in_one_piece
from notebook.storage import StaticFiles

SHEETS = {path.name: path.read_text() for path in (settings.BASE_DIR / "static/css").glob("*.css")}


@pytest.mark.parametrize("name", SHEETS)
def test_no_import_of_ours_is_left_to_the_browser(name: str):
    assert "@import" not in in_one_piece(SHEETS[name], SHEETS.__getitem__)


def test_every_sheet_of_a_page_is_in_the_one_it_asks_for():
    found = set(re.findall(r'@import "(.+?)"', SHEETS["notebook.css"]))
    assert {"tokens.css", "base.css", "lesson.css", "figures.css", "pages.css", "print.css"} <= found


def test_imports_are_replaced_in_their_order_and_a_medium_is_kept():
    texts = {"one.css": "a {}\n", "two.css": "c {}\n"}
    whole = in_one_piece('@import "one.css";\n@import "two.css" print;\nb {}\n', texts.__getitem__)
    assert whole == "a {}\n\n@media print {\nc {}\n}\nb {}\n"


def test_collected_sheet_is_whole_hashed_and_compressed(tmp_path):
    source = FileSystemStorage(tmp_path / "source")
    (tmp_path / "source").mkdir()
    (tmp_path / "source/all.css").write_text('@import "one.css";\n')
    (tmp_path / "source/one.css").write_text("a { color: red }\n" * 100)
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    paths = {f"css/{name}": (source, name) for name in ("all.css", "one.css")}
    for name, (_, path) in paths.items():
        with source.open(path) as file:
            storage.save(name, file)
    for _ in range(2):  # collecting again leaves the same
        list(storage.post_process(dict(paths)))
        hashed = storage.stored_name("css/all.css")
        assert (tmp_path / hashed).read_text() == "a { color: red }\n" * 100 + "\n"
        assert (tmp_path / f"{hashed}.br").exists()
