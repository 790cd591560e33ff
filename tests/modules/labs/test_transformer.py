"""The toy transformer: its functions, its file, and the two lessons that print or use them."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from modules import rendering
from modules.labs import forward, heads, transformer, weights
from modules.labs.transformer import Layer, Model, step

FUNCTIONS = [
    item for _, item in inspect.getmembers(transformer, inspect.isfunction) if item.__module__ == transformer.__name__
]
PRINTED = [
    *FUNCTIONS,
    Layer,
    Model,
    weights.unpack,
    weights.read,
]
vectors = st.lists(st.floats(-50, 50), min_size=2, max_size=12)


@pytest.fixture(scope="module")
def habits():
    """Return the mean attention of each head, by habit, for a sentence that says something twice."""
    result = heads.run({"text": "The query reads the keys, and the query reads", "head": "1.1"})
    shares = {habit.name: [float(share.strip("%")) / 100 for share in habit.shares] for habit in result.habits}
    return {name: dict(zip(result.titles, each, strict=True)) for name, each in shares.items()}


@pytest.fixture(scope="module")
def blocks():
    lesson = (settings.FIXTURES_DIR / "modules" / "forward-pass.md").read_text("utf-8")
    return [block.code for block in rendering.parse(lesson.split("\n---\n", 1)[1]).runs]


def small(layers=2):
    """A model with five tokens of width four, each weight another number."""
    rng = np.random.default_rng(0)

    def random(rows, columns):
        return rng.normal(0, 1, (rows, columns)).tolist()

    ones = [1.0] * 4
    attention = ones, random(4, 4), random(2, 4), random(2, 4), random(4, 4)
    made = [Layer(*attention, ones, random(6, 4), random(6, 4), random(4, 6)) for _ in range(layers)]
    return Model(2, 1, 100.0, random(5, 4), made, ones)


def passed(model, tokens):
    cache = [([], []) for _ in model.layers]
    return [step(model, cache, token) for token in tokens]


@pytest.mark.parametrize("item", PRINTED, ids=lambda item: item.__name__)
def test_the_lesson_prints_what_runs(item, blocks):
    assert any(inspect.getsource(item) in code for code in blocks)


class TestFunctions:
    @given(vectors)
    def test_softmax_is_a_distribution_that_keeps_the_order(self, scores):
        weights_ = transformer.softmax(scores)
        assert sum(weights_) == pytest.approx(1)
        assert weights_[scores.index(max(scores))] == max(weights_)

    @given(vectors)
    def test_a_normalised_vector_has_size_one_or_less(self, x):
        normed = transformer.normalise(x, [1.0] * len(x))
        assert math.sqrt(sum(a * a for a in normed) / len(x)) <= 1 + 1e-9

    @given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
    def test_rotated_products_depend_on_the_distance_alone(self, first, second, shift):
        q, k = [0.3, -1.2, 0.7, 0.1], [1.0, 0.4, -0.5, 0.9]

        def product(a, b):
            turned = transformer.rotate(q, a, 100.0), transformer.rotate(k, b, 100.0)
            return sum(x * y for x, y in zip(*turned, strict=True))

        assert product(first, second) == pytest.approx(product(first + shift, second + shift))

    def test_silu_is_nothing_at_zero_and_itself_far_out(self):
        assert transformer.silu(0.0) == 0
        assert transformer.silu(40.0) == pytest.approx(40)


class TestStep:
    def test_a_later_token_moves_nothing_earlier(self):
        model = small()
        assert passed(model, [1, 2, 3])[:2] == passed(model, [1, 2, 4])[:2]

    def test_each_head_reads_every_token_so_far(self):
        model = small()
        for place, seen in enumerate(passed(model, [0, 1, 2, 3])):
            for name in ("1 weights", "2 weights"):
                assert [len(row) for row in seen[name]] == [place + 1] * model.heads
                assert [sum(row) for row in seen[name]] == pytest.approx([1] * model.heads)

    def test_the_stream_is_what_was_there_and_what_the_block_wrote(self):
        seen = passed(small(), [0, 3])[-1]
        written = transformer.plus(seen["1 attention"][0], seen["1 mlp"][0])
        assert seen["1 out"][0] == pytest.approx(transformer.plus(seen["embedding"][0], written))


class TestFile:
    def test_what_is_written_is_read_to_eight_bits(self):
        model = small()
        read = weights.read(weights.write(model))
        assert weights.write(read) == weights.write(model)
        for before, after in zip(model.embedding, read.embedding, strict=True):
            assert after == pytest.approx(before, abs=max(map(abs, before)) / 254 * 1.01)

    def test_a_row_of_nothing_stays_nothing(self):
        assert weights.unpack(*weights.pack([[0.0, 0.0], [1.0, -0.5]]))[0] == [0, 0]

    def test_the_committed_model_is_small_and_whole(self):
        assert weights.MODEL.stat().st_size < 200_000
        model = weights.learned()
        assert weights.write(model) == weights.MODEL.read_text("ascii")
        count = sum(np.size(rows) for layer in model.layers for rows in vars(layer).values())
        assert count + np.size(model.embedding) + np.size(model.norm) == 126_000


class TestWhatItLearned:
    """What the two lessons say of its heads; a model trained again has to be looked at again."""

    def test_a_head_of_the_first_block_reads_the_token_before(self, habits):
        assert habits["1.1"]["the one before"] > 0.9

    def test_two_heads_of_the_first_block_read_their_own_token(self, habits):
        assert habits["1.2"]["itself"] > 0.9
        assert habits["1.4"]["itself"] > 0.9

    def test_heads_of_the_second_block_read_what_followed_before(self, habits):
        assert max(habits[name]["what followed that"] for name in ("1.1", "1.2", "1.4")) < 0.1
        assert min(habits[name]["what followed that"] for name in ("2.1", "2.2", "2.3", "2.4")) > 0.3

    def test_a_head_rests_on_the_first_token(self, habits):
        assert habits["2.3"]["the first"] > 0.5

    @pytest.mark.parametrize(
        ("text", "then"),
        [("The query reads the keys, and the query", "␣reads"), ("xq zv kw bj xq zv", "␣k")],
    )
    def test_it_copies_what_followed_before(self, text, then):
        best, *_ = forward.run({"text": text}).guesses
        assert best.text == then
        assert best.chance > 0.9
