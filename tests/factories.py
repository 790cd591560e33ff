"""Content for tests: files as authors write them, and rows as publishing makes of them.

`tests.make` makes bare rows for tests that only list lessons; what is made here went through the files'
own readers and `publish`, so it has a page, passages and revisions.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from textwrap import dedent

from django.apps import apps

from modules.files import kind_of
from modules.files.yamlfile import emit
from modules.models import Module, Part, Source
from modules.publishing import publish

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 50" role="img" class="fig">'
    "<title>Boxes</title><desc>Two boxes.</desc>"
    '<rect class="f-box" x="1" y="1" width="40" height="40"/></svg>\n'
)
BODY = "## In one minute {#minute}\n\nSome words.\n"
_numbers = count(1)


def catalogue_text(*ids: str, written: tuple[str, ...] = ()) -> str:
    """Return a catalogue of one part with these lessons, all planned except `written`."""
    lessons = [{"id": id_} if id_ in written else _planned(id_) for id_ in ids]
    return emit({"parts": [{"id": "part", "title": "Part", "modules": lessons}]})


def _planned(id_: str) -> dict[str, str]:
    return {"id": id_, "title": id_.capitalize(), "summary": f"About {id_}", "minutes": "20"}


def lesson_text(id_: str, *, body: str = BODY, **fields: object) -> str:
    """Return a lesson's file in canonical layout; `fields` are those of its front matter."""
    front = {"id": id_, "title": id_.capitalize(), "part": "part", "summary": f"About {id_}", "hook": "Read on."}
    order = [
        "requires",
        "focus",
        "minutes",
        "reviewed",
        "ledger",
        "explorers",
        "terms",
        "questions",
        "failures",
        "exam",
    ]
    given = {"minutes": 20, "reviewed": "2026-11-23"} | fields
    front |= {name: given.pop(name) for name in [*front, *order] if name in given}
    assert not given, f"a lesson has no {given}"
    return f"---\n{emit(front)}---\n\n{dedent(body).strip()}\n"


def source_text(*keys: str) -> str:
    entries = (
        f"@article{{{key},\n  title = {{On {key}}},\n  author = {{Doe, Jane}},\n  year = {{2020}},\n"
        f"  url = {{https://example.org/{key}}},\n}}\n"
        for key in keys
    )
    head = "% The bibliography: one entry a source, sorted by key. urldate is the day it was opened and checked.\n\n"
    return head + "\n".join(entries)


def write_files(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write fixture files under `root`, each by its path."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def make_source(key: str = "", **fields: object) -> Source:
    key = key or f"source{next(_numbers)}"
    defaults = {"kind": "article", "title": f"On {key}", "author": "Doe, Jane", "year": 2020}
    return Source.objects.create(id=key, url=f"https://example.org/{key}", **(defaults | fields))


def make_file(path: str, content: str | bytes) -> None:
    """Put one file into the database and publish it, as `load` does."""
    kind_of(path).load(path, content.encode() if isinstance(content, str) else content)
    publish([path])


def make_lesson(id_: str = "", *, figures: dict[str, str] | None = None, **fields: object) -> Module:
    """Make a lesson from its file and publish it; `figures` are SVG by name."""
    id_ = id_ or f"lesson-{next(_numbers)}"
    make_planned(id_)
    for name, svg in (figures or {}).items():
        kind_of("figures/a/b").load(f"figures/{id_}/{name}", svg.encode())
    make_file(f"modules/{id_}.md", lesson_text(id_, **fields))
    return Module.objects.get(pk=id_)


def make_planned(id_: str, **fields: object) -> Module:
    part, _ = Part.objects.get_or_create(id="part", defaults={"title": "Part", "position": 0})
    defaults = {"part": part, "position": next(_numbers), "title": id_.capitalize(), "summary": f"About {id_}"}
    module, _ = Module.objects.get_or_create(id=id_, defaults=defaults | fields)
    return module


def make_number(value: str = "1", **fields: str) -> dict[str, str]:
    """Return a ledger entry as front matter has it: assumed, unless `fields` say otherwise."""
    if "formula" in fields:
        return {"label": "A number"} | fields
    defence = {} if "source" in fields else {"because": "It is only a test"}
    return {"value": value, "label": "A number"} | defence | fields


COMPANIES = "companies:\n  - id: acme\n    name: Acme\n    themes: [Anvils]\n    modules: [two, one]\n"
PATHS = (
    "paths:\n  - id: way\n    title: A way\n    summary: From one to two.\n    audience: Anyone\n"
    "    steps:\n      - {module: one, why: It begins}\n      - {module: two, why: It goes on}\n"
)
REFERENCE = (
    "groups:\n  - id: chip\n    title: A chip\n    kind: hardware\n    source: doe\n    at: Table 1\n"
    "    numbers:\n      cores: {value: 8, label: Cores}\n"
)


def write_notebook(root: Path) -> Path:
    """Write a small notebook of every kind of file: one lesson is written, two are planned."""
    return write_files(
        root,
        {
            "catalogue.yaml": catalogue_text("one", "two", "three", written=("one",)),
            "sources.bib": source_text("doe"),
            "reference.yaml": REFERENCE,
            "companies.yaml": COMPANIES,
            "paths.yaml": PATHS,
            "modules/one.md": lesson_text("one", focus=["acme"], body="## In one minute {#minute}\n\nSee [@doe].\n"),
            "figures/one/boxes.svg": SVG,
        },
    )


def everything() -> list[list[dict[str, object]]]:
    """Return every row of the notebook's own tables, to compare before and after."""
    apps_of_ours = [apps.get_app_config(label) for label in ("modules", "paths", "progress")]
    return [list(model.objects.order_by("pk").values()) for app in apps_of_ours for model in app.get_models()]
