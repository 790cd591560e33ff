"""Training the toy: its gradients, its text, and the command that writes its file."""

from __future__ import annotations

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from modules.labs import training, transformer
from modules.labs.training import Course, Sizes
from modules.labs.weights import read

SMALL = Sizes(vocabulary=20, width=8, heads=4, kv_heads=2, inner=6, layers=2, rotary_base=100.0)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def weights_of(rng, sizes=SMALL):
    return {
        name: w.astype(float) + 0.1 * rng.standard_normal(w.shape) for name, w in training.initial(sizes, rng).items()
    }


def counted(rng):
    counts = rng.random((3, 6))
    return rng.integers(0, SMALL.vocabulary, (3, 7)), counts / counts.sum()


def test_gradients_are_those_of_finite_differences(rng):
    weights, (text, counts) = weights_of(rng), counted(rng)
    _, found = training.gradients(weights, SMALL, text, counts)
    for name, w in weights.items():
        at = tuple(rng.integers(0, size) for size in w.shape)
        kept, losses = w[at], []
        for move in (1e-5, -1e-5):
            w[at] = kept + move
            losses.append(training.gradients(weights, SMALL, text, counts)[0])
        w[at] = kept
        assert found[name][at] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-4, abs=1e-7), name


def test_the_loss_is_that_of_the_model_the_labs_run(rng):
    weights, (text, counts) = weights_of(rng), counted(rng)
    model = training.model_of(weights, SMALL)
    loss = 0.0
    for row, shares in zip(text.tolist(), counts.tolist(), strict=True):
        cache = [([], []) for _ in model.layers]
        for token, after, share in zip(row, row[1:], shares, strict=False):
            final = transformer.step(model, cache, token)["final norm"][0]
            loss -= share * np.log(transformer.softmax(transformer.logits(model, final))[after])
    assert training.gradients(weights, SMALL, text, counts)[0] == pytest.approx(loss, abs=1e-6)


def test_training_lowers_the_loss_and_repeats_itself():
    course = Course(steps=40, batch=8, length=12, peak=0.02)
    tokens = np.arange(200) % SMALL.vocabulary
    runs = [[loss for loss, _ in training.train(tokens, SMALL, course)] for _ in range(2)]
    assert runs[0] == runs[1]
    assert np.mean(runs[0][-5:]) < np.mean(runs[0][:5])


def test_a_repeated_sequence_counts_only_what_can_be_known(rng):
    course = Course(batch=10, length=12, random=0.5, again=0.5)
    text, counts = training.batch(np.arange(50), 20, course, rng)
    assert counts.sum() == pytest.approx(1)
    for row, shares in zip(text, counts, strict=True):
        period = int((shares == 0).sum()) + 1
        assert (row[period:] == row[:-period]).all()


def test_prose_leaves_code_formulas_tables_and_marks_behind():
    body = (
        "## Title {#a}\n\nA *read* of [=cost] keys [@who, Table 1], $x^2$ of [it](it.md).\n\n"
        "```python\ncode\n```\n\n| a | b |\n\n::: note N\nThe `end`.\n:::\n\n$$\ny\n$$ (label)\n"
    )
    assert training.prose(body) == "Title \nA read of N keys, x of it.\nThe end."


def test_the_command_writes_a_model_from_the_bodies(tmp_path):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "one.md").write_text("---\ntitle: zz\n---\n" + "keys and values " * 30, "utf-8")
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    for file in files:
        call_command("train_model", root=tmp_path, to=file, steps=2, verbosity=0)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(read(files[0].read_text("ascii")).layers) == 2


def test_too_little_text_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="no lessons"):
        call_command("train_model", root=tmp_path, to=tmp_path / "out.json")
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "one.md").write_text("---\ntitle: zz\n---\nkeys", "utf-8")
    with pytest.raises(CommandError, match="a sequence has 32"):
        call_command("train_model", root=tmp_path, to=tmp_path / "out.json")
