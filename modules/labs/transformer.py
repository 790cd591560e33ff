"""A decoder of the Llama family, one token at a time, in plain Python.

The lesson on the forward pass prints these functions as they stand here (a test compares the two) and checks them
against the same model in NumPy, so what it explains is what the labs run. No Django, no clock, no settings, no NumPy.
"""

import cmath
import math
from dataclasses import dataclass
from operator import mul

Vector = list[float]
Matrix = list[Vector]  # one row for each output
Cache = list[tuple[list[Matrix], list[Matrix]]]  # of each layer: the keys and the values of every token so far
EPSILON = 1e-5


@dataclass(frozen=True)
class Layer:
    """The weights of one block."""

    attention_norm: Vector
    query: Matrix
    key: Matrix
    value: Matrix
    output: Matrix
    mlp_norm: Vector
    gate: Matrix
    up: Matrix
    down: Matrix


@dataclass(frozen=True)
class Model:
    """The weights of a model; its embedding is also its output table."""

    heads: int
    kv_heads: int
    rotary_base: float
    embedding: Matrix
    layers: list[Layer]
    norm: Vector


def times(matrix: Matrix, x: Vector) -> Vector:
    """Return the product of a matrix and a vector: two operations for every weight, each read once."""
    return [sum(map(mul, row, x)) for row in matrix]


def plus(x: Vector, y: Vector) -> Vector:
    return [a + b for a, b in zip(x, y, strict=True)]


def normalise(x: Vector, gain: Vector) -> Vector:
    """Return `x` divided by its root mean square, times a learned gain for each component."""
    size = math.sqrt(sum(map(mul, x, x)) / len(x) + EPSILON)
    return [a / size * g for a, g in zip(x, gain, strict=True)]


def split(x: Vector, heads: int) -> Matrix:
    size = len(x) // heads
    return [x[i : i + size] for i in range(0, len(x), size)]


def rotate(head: Vector, position: int, base: float) -> Vector:
    """Turn each pair of components by the position times an angle of its own, the first pair by one radian."""
    turned = []
    for i in range(0, len(head), 2):
        pair = complex(head[i], head[i + 1]) * cmath.rect(1, position * base ** (-i / len(head)))
        turned += [pair.real, pair.imag]
    return turned


def softmax(scores: Vector) -> Vector:
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def silu(x: float) -> float:
    return x / (1 + math.exp(-x))


def step(model: Model, cache: Cache, token: int) -> dict[str, Matrix]:
    """Carry one token through the layers; add its keys and values to `cache`; return every tensor on the way."""
    x = model.embedding[token]
    seen = {"embedding": [x]}
    for number, layer in enumerate(model.layers, 1):
        keys, values = cache[number - 1]
        position, group = len(keys), model.heads // model.kv_heads

        normed = normalise(x, layer.attention_norm)
        q = [rotate(head, position, model.rotary_base) for head in split(times(layer.query, normed), model.heads)]
        k = [rotate(head, position, model.rotary_base) for head in split(times(layer.key, normed), model.kv_heads)]
        v = split(times(layer.value, normed), model.kv_heads)
        keys.append(k)
        values.append(v)

        scores, weights, read = [], [], []
        for head, query in enumerate(q):
            seen_by_head = [past[head // group] for past in keys]
            scores.append([s / math.sqrt(len(query)) for s in times(seen_by_head, query)])
            weights.append(softmax(scores[head]))
            columns = zip(*(past[head // group] for past in values), strict=True)
            read.append([sum(map(mul, weights[head], column)) for column in columns])
        written = times(layer.output, [each for head in read for each in head])
        x = plus(x, written)
        seen |= {f"{number} norm": [normed], f"{number} query": q, f"{number} key": k, f"{number} value": v}
        seen |= {f"{number} scores": scores, f"{number} weights": weights, f"{number} read": read}
        seen |= {f"{number} attention": [written], f"{number} stream": [x]}

        normed = normalise(x, layer.mlp_norm)
        gate, up = times(layer.gate, normed), times(layer.up, normed)
        inner = [silu(a) * b for a, b in zip(gate, up, strict=True)]
        written = times(layer.down, inner)
        x = plus(x, written)
        seen |= {f"{number} mlp norm": [normed], f"{number} gate": [gate], f"{number} up": [up]}
        seen |= {f"{number} inner": [inner], f"{number} mlp": [written], f"{number} out": [x]}
    return seen | {"final norm": [normalise(x, model.norm)]}


def logits(model: Model, final: Vector) -> Vector:
    """Return a number for each token of the vocabulary: how well the final vector fits its row of the table."""
    return times(model.embedding, final)
