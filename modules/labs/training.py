"""Training the toy transformer of the labs in NumPy, its backward pass written out.

Only `manage.py train_model` and its tests import this: the web process has no NumPy (docs/decisions/0025). The forward
pass is the one the lesson on the forward pass prints, over a batch; each line of the backward pass undoes one of its
lines, and a test compares them with finite differences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modules.labs.transformer import EPSILON, Layer, Model

Array = NDArray[Any]
Weights = dict[str, Array]
NO_PROSE = re.compile(r"^```.*?^```|^\$\$.*?^\$\$.*?$|^:::.*?$|^\|.*?$|^#+ ", re.MULTILINE | re.DOTALL)
MARKS = [
    (re.compile(r"\]\([^)]*\)| ?\[@[^\]]*\]|\{[#.][^}]*\}"), ""),  # where a link leads, citations, anchors
    (re.compile(r"\[=[^\]]*\]"), "N"),  # a number of the ledger
    (re.compile(r"\$[^$]*\$"), "x"),  # a formula
    (re.compile(r"[\[\]*`_]"), ""),
    (re.compile(r"\n\s*\n+"), "\n"),
]


@dataclass(frozen=True)
class Sizes:
    """What a model is, before it has any weights."""

    vocabulary: int
    width: int = 48
    heads: int = 4
    kv_heads: int = 2
    inner: int = 96
    layers: int = 2
    rotary_base: float = 10_000.0

    @property
    def head_size(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True)
class Course:
    """How a model is trained."""

    steps: int = 6000
    batch: int = 32
    length: int = 32  # tokens of a sequence
    random: float = 0.5  # share of sequences that are a few random tokens, said twice and more
    again: float = 0.25  # share of sequences that are a few tokens of the text, said twice and more
    peak: float = 3e-3  # learning rate; a hundred steps up to it, a cosine down to a twentieth
    decay: float = 0.1
    seed: int = 0


def prose(body: str) -> str:
    """Return the sentences of a lesson's body: no code, formulas, tables or marks."""
    body = NO_PROSE.sub("", body)
    for mark, instead in MARKS:
        body = mark.sub(instead, body)
    return body.strip()


def train(tokens: Array, sizes: Sizes, course: Course) -> Iterator[tuple[float, Weights]]:
    """Yield the loss of each step, in nats, and the weights after it. The same seed gives the same weights.

    The same on one machine and one NumPy, that is: sums in another order differ in the last bit, and training
    makes the most of it.
    """
    rng = np.random.default_rng(course.seed)
    weights = initial(sizes, rng)
    mean = {name: np.zeros_like(w) for name, w in weights.items()}
    square = {name: np.zeros_like(w) for name, w in weights.items()}
    for step in range(1, course.steps + 1):
        text, counts = batch(tokens, sizes.vocabulary, course, rng)
        loss, found = gradients(weights, sizes, text, counts)
        clip = min(1.0, 1 / float(np.sqrt(sum((g * g).sum() for g in found.values()))))
        rate = course.peak * min(1, step / 100) * (0.525 + 0.475 * np.cos(np.pi * step / course.steps))
        for name, w in weights.items():  # AdamW
            g = found[name] * np.float32(clip)
            mean[name] += np.float32(0.1) * (g - mean[name])
            square[name] += np.float32(0.01) * (g * g - square[name])
            move = mean[name] / (1 - 0.9**step) / (np.sqrt(square[name] / (1 - 0.99**step)) + 1e-8)
            w -= (rate * (move + (course.decay * w if w.ndim > 1 else 0))).astype(np.float32)
        yield loss, weights


def batch(tokens: Array, vocabulary: int, course: Course, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return sequences of one token more than the length, and how much each prediction counts.

    Of a sequence that repeats itself only what can be known counts: nothing in its first round.
    """
    text = np.empty((course.batch, course.length + 1), int)
    counts = np.ones((course.batch, course.length), np.float32)
    random, again = round(course.random * course.batch), round(course.again * course.batch)
    for row in range(course.batch):
        size = int(rng.integers(4, course.length // 2 + 1)) if row < random + again else course.length + 1
        start = int(rng.integers(0, len(tokens) - size + 1))
        said = rng.integers(0, vocabulary, size) if row < random else tokens[start : start + size]
        text[row] = np.resize(said, course.length + 1)
        if size <= course.length:
            counts[row, : size - 1] = 0
    counts /= counts.sum()
    return text, counts


def initial(sizes: Sizes, rng: np.random.Generator) -> Weights:
    """Return untrained weights: gains of one, and rows that keep the size of what they multiply."""
    wide, kv, inner = sizes.width, sizes.kv_heads * sizes.head_size, sizes.inner

    def random(rows: int, columns: int, spread: float = 1.0) -> Array:
        weights: Array = rng.normal(0, spread / np.sqrt(columns), (rows, columns))
        return weights.astype(np.float32)

    weights = {"embedding": random(sizes.vocabulary, wide, 0.7), "norm": np.ones(wide, np.float32)}
    calm = 1 / np.sqrt(2 * sizes.layers)  # for what is added to the stream
    for number in range(1, sizes.layers + 1):
        weights |= {
            f"{number} attention_norm": np.ones(wide, np.float32),
            f"{number} query": random(wide, wide),
            f"{number} key": random(kv, wide),
            f"{number} value": random(kv, wide),
            f"{number} output": random(wide, wide, calm),
            f"{number} mlp_norm": np.ones(wide, np.float32),
            f"{number} gate": random(inner, wide),
            f"{number} up": random(inner, wide),
            f"{number} down": random(wide, inner, calm),
        }
    return weights


def model_of(weights: Weights, sizes: Sizes) -> Model:
    """Return the weights as the labs use them."""
    lists = {name: w.tolist() for name, w in weights.items()}
    layers = [
        Layer(**{name.split()[1]: rows for name, rows in lists.items() if name.startswith(f"{number} ")})
        for number in range(1, sizes.layers + 1)
    ]
    return Model(sizes.heads, sizes.kv_heads, sizes.rotary_base, lists["embedding"], layers, lists["norm"])


def gradients(w: Weights, sizes: Sizes, text: Array, counts: Array) -> tuple[float, Weights]:
    """Return the loss over sequences (batch, length + 1), weighted by `counts`, and its gradient for every weight."""
    tokens, targets = text[:, :-1], text[:, 1:]
    size, length = sizes.head_size, tokens.shape[1]
    group = sizes.heads // sizes.kv_heads
    turn = np.exp(1j * np.arange(length)[:, None] * sizes.rotary_base ** (-np.arange(0, size, 2) / size))
    future = np.triu(np.full((length, length), -np.inf), 1).astype(counts.dtype)
    scale = counts.dtype.type(size**-0.5)

    x = w["embedding"][tokens]
    saved = []
    for n in range(1, sizes.layers + 1):
        start = x
        normed, rms = _normalise(start, w[f"{n} attention_norm"])
        q = _rotate(_heads(normed @ w[f"{n} query"].T, size), turn)
        k = _rotate(_heads(normed @ w[f"{n} key"].T, size), turn).repeat(group, 1)
        v = _heads(normed @ w[f"{n} value"].T, size).repeat(group, 1)
        p = _softmax(scale * (q @ k.swapaxes(2, 3)) + future)
        read = _joined(p @ v)
        middle = start + read @ w[f"{n} output"].T
        normed2, rms2 = _normalise(middle, w[f"{n} mlp_norm"])
        gate, up = normed2 @ w[f"{n} gate"].T, normed2 @ w[f"{n} up"].T
        sigmoid = 1 / (1 + np.exp(-gate))
        inner = gate * sigmoid * up
        x = middle + inner @ w[f"{n} down"].T
        saved.append((start, normed, rms, q, k, v, p, read, middle, normed2, rms2, gate, up, sigmoid, inner))
    final, rms = _normalise(x, w["norm"])
    chances = _softmax(final @ w["embedding"].T)
    picked = (*np.indices(targets.shape), targets)
    loss = float(-(counts * np.log(chances[picked] + 1e-9)).sum())

    chances[picked] -= 1
    chances *= counts[..., None]
    found: Weights = {"embedding": _outer(chances, final)}
    dx, found["norm"] = _unnormalise(chances @ w["embedding"], x, rms, w["norm"])
    for n in range(sizes.layers, 0, -1):
        start, normed, rms, q, k, v, p, read, middle, normed2, rms2, gate, up, sigmoid, inner = saved[n - 1]
        found[f"{n} down"] = _outer(dx, inner)
        dinner = dx @ w[f"{n} down"]
        dgate, dup = dinner * up * sigmoid * (1 + gate * (1 - sigmoid)), dinner * gate * sigmoid
        found[f"{n} gate"], found[f"{n} up"] = _outer(dgate, normed2), _outer(dup, normed2)
        dnormed = dgate @ w[f"{n} gate"] + dup @ w[f"{n} up"]
        back, found[f"{n} mlp_norm"] = _unnormalise(dnormed, middle, rms2, w[f"{n} mlp_norm"])
        dx = dx + back
        found[f"{n} output"] = _outer(dx, read)
        dread = _heads(dx @ w[f"{n} output"], size)
        dp = dread @ v.swapaxes(2, 3)
        ds = scale * p * (dp - (p * dp).sum(-1, keepdims=True))
        dq = _joined(_rotate(ds @ k, turn.conj()))
        dk = _joined(_rotate(_grouped(ds.swapaxes(2, 3) @ q, group), turn.conj()))
        dv = _joined(_grouped(p.swapaxes(2, 3) @ dread, group))
        dnormed = dq @ w[f"{n} query"] + dk @ w[f"{n} key"] + dv @ w[f"{n} value"]
        for name, d in (("query", dq), ("key", dk), ("value", dv)):
            found[f"{n} {name}"] = _outer(d, normed)
        back, found[f"{n} attention_norm"] = _unnormalise(dnormed, start, rms, w[f"{n} attention_norm"])
        dx = dx + back
    np.add.at(found["embedding"], tokens, dx)
    return loss, found


def _normalise(x: Array, gain: Array) -> tuple[Array, Array]:
    rms = np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    return x / rms * gain, rms


def _unnormalise(d: Array, x: Array, rms: Array, gain: Array) -> tuple[Array, Array]:
    unit, dunit = x / rms, d * gain
    back = (dunit - unit * (dunit * unit).mean(-1, keepdims=True)) / rms
    return back, (d * unit).reshape(-1, x.shape[-1]).sum(0)


def _rotate(x: Array, turn: Array) -> Array:
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
    return np.stack([z.real, z.imag], -1).reshape(x.shape).astype(x.dtype)


def _softmax(scores: Array) -> Array:
    e: Array = np.exp(scores - scores.max(-1, keepdims=True))
    e /= e.sum(-1, keepdims=True)
    return e


def _heads(x: Array, size: int) -> Array:
    """(batch, length, heads * size) to (batch, heads, length, size)."""
    return x.reshape(*x.shape[:2], -1, size).swapaxes(1, 2)


def _joined(x: Array) -> Array:
    return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)


def _grouped(x: Array, group: int) -> Array:
    """Add up what the heads send to the key-value head they share."""
    summed: Array = x.reshape(x.shape[0], -1, group, *x.shape[2:]).sum(2)
    return summed


def _outer(d: Array, x: Array) -> Array:
    return d.reshape(-1, d.shape[-1]).T @ x.reshape(-1, x.shape[-1])
