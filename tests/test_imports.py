"""Imports run one way: notebook -> progress -> paths -> modules -> modules.rendering -> modules.ledger."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LAYERS = ["modules.ledger", "modules.rendering", "modules", "paths", "progress", "notebook"]
FILES = sorted(path for layer in ("modules", "paths", "progress", "notebook") for path in (ROOT / layer).rglob("*.py"))
PURE_MAY_NOT_IMPORT = ("django", "time", "os", "random")
CLOCKS = ("now", "today", "utcnow")


def layer_of(module: str) -> int | None:
    """Return the highest layer a dotted name belongs to, or None for what is not ours."""
    return next((n for n, layer in enumerate(LAYERS) if module == layer or module.startswith(f"{layer}.")), None)


def imported(path: Path) -> Iterator[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            module = f"{base}.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path):
    here = layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    above = [name for name in imported(path) if (layer := layer_of(name)) is not None and layer > here]
    assert above == []


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in FILES
        if any(path.is_relative_to(ROOT / "modules" / pure) for pure in ("ledger", "rendering", "drills", "referee"))
        and path.name != "words.py"  # sentences are translated, which is Django's
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_computes_knows_no_django_no_clock_and_no_settings(path):
    assert [name for name in imported(path) if name.split(".")[0] in PURE_MAY_NOT_IMPORT] == []
    attributes = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert attributes.isdisjoint(CLOCKS)


def test_an_upward_import_would_be_found():
    assert (
        layer_of("modules.ledger.units") < layer_of("modules.rendering") < layer_of("modules.views") < layer_of("paths")
    )
    assert layer_of("django.db") is None
