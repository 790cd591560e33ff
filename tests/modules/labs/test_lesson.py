"""The tokenization lesson shows the code that runs, not a copy of it that has drifted."""

from __future__ import annotations

import inspect

import pytest
from django.conf import settings

from modules import rendering
from modules.labs import bpe
from modules.running import run

FUNCTIONS = [bpe.split, bpe.replaceable, bpe.merge, bpe.train, bpe.replay, bpe.encode, bpe.decode, bpe.vocabulary]


@pytest.fixture(scope="module")
def blocks():
    lesson = (settings.FIXTURES_DIR / "modules" / "tokenization.md").read_text("utf-8")
    return [block.code for block in rendering.parse(lesson.split("\n---\n", 1)[1]).runs]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_the_lesson_prints_the_function_as_it_runs(function, blocks):
    assert any(inspect.getsource(function) in code for code in blocks)


def test_the_lesson_prints_every_function_there_is():
    named = [
        function for _, function in inspect.getmembers(bpe, inspect.isfunction) if function.__module__ == bpe.__name__
    ]
    assert sorted(named, key=str) == sorted(FUNCTIONS, key=str)


def test_the_lesson_cuts_words_by_the_same_pattern(blocks):
    assert f'WORD = re.compile(r"{bpe.WORD.pattern}")' in blocks[0]


def test_the_code_of_the_lesson_tokenizes_as_the_lab_does(blocks):
    text = "low lower naïve 🦀"
    shown = run([*blocks[:2], f"print(encode({text!r}, ranks))"])[-1]
    corpus = ["low lower lowest", "new newer newest", "aaaa aaa aa"]
    ranks = {pair: rank for rank, pair in enumerate(bpe.train(corpus, 40))}
    assert not shown.error
    assert shown.printed.strip() == repr(bpe.encode(text, ranks))
