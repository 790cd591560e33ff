"""A small ledger with every shape of formula that drills take apart."""

from __future__ import annotations

from modules.ledger import Entry, Graph, Quantity, parse_quantity


def assumed(key, value):
    return Entry(key, value=value, because="It is only a test", label=key)


def computed(key, formula, unit="", digits=None):
    return Entry(key, formula=formula, unit=unit, label=key, digits=digits)


ENTRIES = [
    assumed("llama.layers", "80"),
    assumed("llama.heads", "64"),
    assumed("llama.kv_heads", "8"),
    assumed("llama.head_dim", "128"),
    assumed("llama.params", "70e9"),
    assumed("kv:size", "2 B"),
    assumed("kv:sequence", "8192 token"),
    assumed("kv:share", "90 percent"),
    assumed("kv:bandwidth", "3.35 TB/s"),
    assumed("kv:price", "3.99 USD/hour"),
    computed("kv:per_token", "2 * llama.layers * llama.kv_heads * llama.head_dim * size / token", "KiB/token"),
    computed("kv:cache", "per_token * sequence", "GB"),
    computed("kv:weights", "llama.params * size", "GB"),
    computed("kv:step", "(weights + cache) / bandwidth", "ms"),
    computed("kv:flop", "2 * llama.params * sequence / token * FLOP", "TFLOP"),
    computed("kv:fits", "floor(share * (640 GB) / cache)"),
    computed("kv:bill", "price * step", "USD"),
    computed("kv:rough", "per_token * sequence", "GB", 1),
    computed("kv:square", "sqrt(llama.heads ** 2 + llama.kv_heads)"),
    computed("kv:left", "1 - llama.kv_heads / llama.heads", "percent"),
    computed("kv:again", "cache", "GB"),
    computed("kv:same", "llama.layers"),
    computed("kv:constant", "2 ** 11"),
]
GRAPH = Graph(
    [
        Entry(
            e.id,
            e.value,
            e.formula,
            e.unit,
            e.label,
            because=e.because,
            digits=e.digits,
            as_of="2026-09-25" if "USD" in e.value else "",
        )
        for e in ENTRIES
    ]
)
COMPUTED = [entry.id for entry in ENTRIES if entry.formula and entry.id != "kv:same"]


def quantity(text) -> Quantity:
    return parse_quantity(text)
