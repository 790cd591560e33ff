"""Executing the code of a lesson, in a process of its own, as the tests and `defend` do.

The web process never does this: an editor may write text, not run programs on the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parents[1]  # where a block finds what the application ships
LIMIT_SECONDS = 120

# Reads a list of blocks, runs them top to bottom in one namespace as a notebook does, and writes what each
# printed, or where it failed. A block that fails ends the run. The answer has a file of its own: what a block
# writes past Python's `print` goes where errors go.
_DRIVER = """
import contextlib, io, json, os, pathlib, sys, traceback
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
folder, blocks = sys.argv[1], json.load(sys.stdin)
sys.path.insert(0, folder)
sys.dont_write_bytecode = True
results, space = [], {"__name__": "__main__"}
for number, code in enumerate(blocks, 1):
    out, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(code, f"<block {number}>", "exec"), space)
    except BaseException as exc:
        lines = [f.lineno for f in traceback.extract_tb(exc.__traceback__) if f.filename == f"<block {number}>"]
        line = lines[-1] if lines else getattr(exc, "lineno", 0) or 0
        error = {"line": line, "message": f"{type(exc).__name__}: {exc}".rstrip(": ")}
    results.append({"printed": out.getvalue(), "error": error})
    if error:
        break
json.dump(results, answer)
"""


@dataclass(frozen=True)
class Result:
    """What one block printed; if it failed, why, and on which of its own lines, counted from 1."""

    printed: str
    error: str = ""
    line: int = 0


def run(blocks: Sequence[str], files: Mapping[str, str] = MappingProxyType({})) -> list[Result]:
    """Run a lesson's blocks in order; the list is shorter than `blocks` when one of them failed.

    They run in the root of the tree and may import what `files`, by path, hold. Takes at most LIMIT_SECONDS; a run
    that takes longer is one failed result.
    """
    if not blocks:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for path, code in files.items():
            (Path(folder) / path).parent.mkdir(exist_ok=True)
            (Path(folder) / path).write_text(code, encoding="utf-8")
        return _run(blocks, folder)


def _run(blocks: Sequence[str], folder: str) -> list[Result]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _DRIVER, folder],
            input=json.dumps(list(blocks)),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT_SECONDS,
            cwd=ROOT,
            env={"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [Result("", f"took longer than {LIMIT_SECONDS} s")]
    if done.returncode or not done.stdout:
        return [Result("", f"the process ended with status {done.returncode}: {done.stderr.strip()[-300:]}")]
    return [
        Result(item["printed"], *((item["error"]["message"], item["error"]["line"]) if item["error"] else ()))
        for item in json.loads(done.stdout)
    ]
