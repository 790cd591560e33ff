"""Units as people write and speak them, and what the ledger calls each."""

from __future__ import annotations

from modules.ledger.display import WORDS
from modules.ledger.units import HABITS, UNITS

_DECIMAL = {"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E"}
_BINARY = {"kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti"}
_OTHERS = {
    **{"%": "percent", "chars": "char", "toks": "token", "reqs": "request"},
    **{"MTok": "Mtoken", "mtok": "Mtoken", "MTokens": "Mtoken"},
    **{"seconds": "s", "secs": "s", "millisecond": "ms", "milliseconds": "ms", "hrs": "hour"},
    **{"microsecond": "us", "microseconds": "us", "µs": "us", "watt": "W", "watts": "W", "joules": "J"},
    **{"kb": "kB", "mb": "MB", "gb": "GB"},  # nobody means bits who writes it so
    **dict.fromkeys(("GPU hours", "GPU-hours", "GPU hour", "GPU-hour"), "gpu*hour"),
    **dict.fromkeys(("GPU days", "GPU-days"), "gpu*day"),
    **{f"gpu*{time}": f"gpu*{time}" for time in ("s", "minute", "hour", "day", "month", "year")},
}


def _prefixed() -> dict[str, str]:
    """Return what takes prefixes: Gbps, TFLOPS, gigabytes."""
    found: dict[str, str] = {}
    for prefix in _DECIMAL.values():
        found |= {f"{prefix}FLOPS": f"{prefix}FLOP/s", f"{prefix}FLOPs": f"{prefix}FLOP", f"{prefix}b": f"{prefix}bit"}
        found |= {f"{prefix}bps": f"{prefix}bit/s", f"{prefix}Bps": f"{prefix}B/s"}
    for word, prefix in (_DECIMAL | _BINARY).items():
        found |= dict.fromkeys((f"{word}byte", f"{word}bytes"), f"{prefix}B")
        found |= dict.fromkeys((f"{word}bit", f"{word}bits"), f"{prefix}bit")
    return found | {f"{word}flops": f"{prefix}FLOP/s" for word, prefix in _DECIMAL.items()}


_WORDS = {word: name for name, words in WORDS.items() for word in words}
SPOKEN = {name: name for name in UNITS} | HABITS | _WORDS | _prefixed() | _OTHERS
del SPOKEN["d"]  # a letter of formulas rather than a day
