"""A lesson's code runs in a process of its own, and whatever it does comes back as a result."""

from __future__ import annotations

import pytest

from modules import running
from modules.running import Result, run


def test_blocks_share_one_namespace_from_top_to_bottom():
    assert run(["x = 2", "print(x + 1)"]) == [Result(""), Result("3\n")]


def test_blocks_run_in_the_root_of_the_tree_wherever_it_is_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["print(open('manage.py').readline()[:2])"]) == [Result("#!\n")]


def test_blocks_import_the_files_of_a_program():
    files = {"agent/loop.py": "from agent.turns import LIMIT\n", "agent/turns.py": "LIMIT = 3\n"}
    assert run(["from agent.loop import LIMIT\nprint(LIMIT)"], files) == [Result("3\n")]
    (without,) = run(["import agent"])
    assert without.error.startswith("ModuleNotFoundError")


def test_no_blocks_start_no_process(monkeypatch):
    monkeypatch.setattr(running.subprocess, "run", None)
    assert run([]) == []


@pytest.mark.parametrize(
    ("code", "error", "line"),
    [
        ("x = 1\nassert x == 2, 'it is 1'", "AssertionError: it is 1", 2),
        ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError: division by zero", 2),
        ("x = 1\nif x\n    pass", "SyntaxError", 2),
        ("import nothing_of_this_name", "ModuleNotFoundError", 1),
        ("raise SystemExit(0)", "SystemExit: 0", 1),
        ("input()", "EOFError", 1),
        ("open('/etc/passwd', 'w' if False else 'r').read() and 1/0", "ZeroDivisionError", 1),
    ],
)
def test_a_failure_says_why_and_on_which_line(code, error, line):
    (result,) = run([code])
    assert result.error.startswith(error)
    assert result.line == line


def test_a_failing_block_ends_the_run():
    results = run(["print('first')", "1 / 0", "print('never')"])
    assert [result.printed for result in results] == ["first\n", ""]
    assert results[1].error


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.write(1, b'past Python')",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1)'])",
        "import sys; sys.__stdout__.write('past the recorder'); sys.__stdout__.flush()",
        "import os; os.write(2, bytes([255]))",
    ],
)
def test_what_is_written_past_the_recorder_spoils_nothing(code):
    assert run([code, "print('after')"]) == [Result(""), Result("after\n")]


@pytest.mark.parametrize(
    "code", ["import os; os._exit(0)", "import os; os._exit(3)", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_process_that_ends_early_is_a_failure(code):
    (result,) = run([code])
    assert "the process ended" in result.error


def test_a_run_that_takes_too_long_is_a_failure(monkeypatch):
    monkeypatch.setattr(running, "LIMIT_SECONDS", 0.5)
    (result,) = run(["while True: pass"])
    assert "took longer than" in result.error


def test_text_of_any_script_is_printed():
    assert run(["print('naïve 🦀 ' + chr(0xe000))"]) == [Result("naïve 🦀 \ue000\n")]


def test_half_a_character_is_printed_somehow():
    (result,) = run(["print(chr(0xd800))"])
    assert not result.error


def test_numpy_and_sympy_are_there():
    assert run(["import numpy as np, sympy\nprint(np.arange(3).sum(), sympy.Rational(1, 2))"]) == [Result("3 1/2\n")]


def test_the_environment_of_the_server_is_not_passed_on(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for lessons")
    (result,) = run(["import os; print('SECRET_KEY' in os.environ)"])
    assert result.printed == "False\n"
