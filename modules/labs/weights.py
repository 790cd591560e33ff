"""The weights the labs run on: learned from the notebook's own lessons, committed, retrained only on purpose.

`manage.py train_model` writes model.json. What the labs show then changes, and so do the numbers two lessons print,
so it is a change to look at like any other; nothing retrains it on the way.
"""

import json
import struct
from base64 import b85decode, b85encode
from dataclasses import astuple, fields
from functools import cache
from pathlib import Path

from modules.labs.transformer import Layer, Matrix, Model

MODEL = Path(__file__).with_name("model.json")


def unpack(scales: str, weights: str) -> Matrix:
    """Return a matrix from its rows' scales and its weights, which are whole numbers of one byte each."""
    sizes = struct.unpack(f"<{len(b85decode(scales)) // 4}f", b85decode(scales))
    whole = struct.unpack(f"{len(b85decode(weights))}b", b85decode(weights))
    width = len(whole) // len(sizes)
    return [[size * n for n in whole[row * width : (row + 1) * width]] for row, size in enumerate(sizes)]


def read(text: str) -> Model:
    """Read what `write` wrote."""
    saved = json.loads(text)
    tensors = {name: unpack(*packed) for name, packed in saved["tensors"].items()}
    layers = []
    for number in range(1, saved["layers"] + 1):
        layer = {name.split()[1]: rows for name, rows in tensors.items() if name.startswith(f"{number} ")}
        (attention_norm,), (mlp_norm,) = layer.pop("attention_norm"), layer.pop("mlp_norm")
        layers.append(Layer(attention_norm=attention_norm, mlp_norm=mlp_norm, **layer))
    (norm,) = tensors["norm"]
    return Model(saved["heads"], saved["kv_heads"], saved["rotary_base"], tensors["embedding"], layers, norm)


def pack(rows: Matrix) -> tuple[str, str]:
    """Return a matrix as `unpack` reads it: each row divided so that its largest weight is 127, and rounded."""
    sizes = [max(map(abs, row)) / 127 or 1.0 for row in rows]
    whole = [round(n / size) for row, size in zip(rows, sizes, strict=True) for n in row]
    return (
        b85encode(struct.pack(f"<{len(sizes)}f", *sizes)).decode(),
        b85encode(struct.pack(f"{len(whole)}b", *whole)).decode(),
    )


def write(model: Model) -> str:
    """Return the model as text, one tensor a line; its weights are rounded to eight bits."""
    tensors = {"embedding": pack(model.embedding), "norm": pack([model.norm])}
    for number, layer in enumerate(model.layers, 1):
        for field, rows in zip(fields(Layer), astuple(layer), strict=True):
            tensors[f"{number} {field.name}"] = pack([rows] if field.name.endswith("norm") else rows)
    sizes = {"heads": model.heads, "kv_heads": model.kv_heads, "rotary_base": model.rotary_base}
    return json.dumps(sizes | {"layers": len(model.layers), "tensors": tensors}, indent=0) + "\n"


@cache
def learned() -> Model:
    """Return the committed model."""
    return read(MODEL.read_text("ascii"))
