"""A small lesson with one of everything, and what it refers to."""

from modules.ledger import Entry, Graph
from modules.rendering import Lesson, LessonRef, Material, Number, Question, Series, Source, plot

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 100" role="img" class="fig">
<title>Pages</title><desc>Four pages, one of them free.</desc>
<defs><marker id="paging-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">
<path class="f-tip" d="M0 0 10 5 0 10Z"/></marker></defs>
<line class="f-arrow" x1="0" y1="10" x2="90" y2="10" marker-end="url(#paging-tip)"/>
<text class="f-text" x="10" y="50">page <tspan class="f-num">16</tspan> tokens</text>
</svg>"""

ENTRIES = [
    Entry("kv-cache:window", value="8192 token", because="The window of Llama 3", label="Tokens per conversation"),
    Entry("kv-cache:share", value="20.4 percent", source="kwon2023", at="Section 1", label="Cache put to use"),
    Entry(
        "kv-cache:per_token",
        formula="2 * llama3_70b.layers * 8 * 128 * value_size / (1 token)",
        unit="KiB/token",
        label="KV cache per token",
        note="Keys and values",
    ),
    Entry("kv-cache:value_size", value="2 B", because="bf16 is 16 bits wide", label="Bytes per value"),
    Entry(
        "kv-cache:price", value="3.99 USD/(gpu*hour)", source="dao2022", at="Pricing", as_of="2026-09-25", label="H100"
    ),
    Entry("llama3_70b.layers", value="80", source="llama3", at="Table 3", label="Layers"),
    Entry("attention:width", value="4096", because="A round number", label="Width"),
]
SOURCES = {
    "kwon2023": (("Kwon", "Woosuk"), ("Li", "Zhuohan"), ("Zhuang", "Siyuan")),
    "dao2022": (("Dao", "Tri"), ("Fu", "Dan")),
    "llama3": (("Meta", ""),),
    "unused": (("Nobody", ""),),
}
YEARS = {"llama3": "2024", "unused": "2020"}
LESSONS = {"attention": True, "kv-cache": True, "moe": False}

BODY = r"""
An opening [@dao2022].

## The *idea* of [=window] {#idea}

A cache of [=per_token] for [=window] costs [=price], as $x_i < \frac{a}{b}$ shows.[^1]
It is [=per_token in B/token to 2] in all [@kwon2023, Section 2.2; @dao2022, Table 1].
See [Self-Attention](attention.md#derivation), [MoE](moe.md), [here](#scale), [out](https://example.org/a_(b)).
A toy has [40]{.toy} rows; [prefill]{.term} costs *more* than `decode[0]`, \$5 at most. Again[^1].

::: figure paging.svg Pages of [=window]
**What you see.** Pages.

**What to notice.** One is free.
:::

::: plot growth Growth over [=window]
`per_token over window from 1 token to 9 token`

**What you see.** A line.

**What to notice.** It rises.
:::

$$
a = b
$$ (soft)

## Derivation {#derivation}

::: derivation scale Why $\sqrt{d}$
It adds up.

```python run
import math
assert math.sqrt(4) == 2
print("2 < 3")
```

```output
2 < 3
```
:::

### Details {#details}

::: table sizing Cache of [=window]
| what | value | why |
|:-----|------:|:---:|
| cache | [=per_token] | [@kwon2023] |
| a \| b | $x$ | `y` |
:::

:::: claim needs-context It is *small*
It depends.

- one
- two

::: note A remark
Inside [=share].
:::
::::

1. first
2. second

> quoted

::: example Worked
Text.
:::

::: pitfall The mean
Text.
:::

::: explorer memory
:::

::: check gqa
:::

## Interview {#interview}

::: questions
:::

[^1]: A note on [=value_size] [@llama3].
"""
QUESTION = Question("gqa", 2, "Why [=window]?", "Since $y$ [@dao2022].\n\n- so", ("says *so*", "adds why"), "per_token")


def make_lesson(body=BODY, **fields):
    numbers = make_numbers()
    own = tuple(number for number in numbers.values() if number.id.startswith("kv-cache:"))
    defaults = {
        "id": "kv-cache",
        "title": "KV Cache & Memory",
        "body": body,
        "hook": "One [=window] long.",
        "url": "https://example.org/modules/kv-cache/",
        "updated": "2026-11-23",
        "version": "3",
        "licence": "CC BY 4.0",
        "requires": ("attention",),
        "ledger": tuple(dict.fromkeys(own)),
        "explorers": ("memory",),
        "terms": (("prefill", "The one pass that reads the prompt"),),
        "questions": (QUESTION,),
    }
    return Lesson(**(defaults | fields))


def make_bare(body, **fields):
    """Make a lesson of nothing but its body."""
    nothing = {"hook": "", "ledger": (), "explorers": (), "terms": (), "questions": ()}
    return make_lesson(body, **(nothing | fields))


def make_numbers():
    graph = Graph(ENTRIES)
    assert not graph.problems
    numbers = {}
    for entry in ENTRIES:
        fields = ("label", "kind", "digits", "formula", "unit", "source", "at", "because", "as_of", "note")
        number = Number(entry.id, quantity=graph.values[entry.id], **{name: getattr(entry, name) for name in fields})
        numbers[entry.id] = number
        if entry.id.startswith("kv-cache:"):
            numbers[entry.id.removeprefix("kv-cache:")] = number
    return numbers


def make_sources():
    return {
        key: Source(
            key,
            "article",
            authors,
            f"On {key}",
            YEARS.get(key, key[-4:]),
            f"https://example.org/{key}",
            checked_on="2026-11-01",
        )
        for key, authors in SOURCES.items()
    }


def make_material(**fields):
    defaults = {
        "numbers": make_numbers(),
        "sources": make_sources(),
        "lessons": {name: LessonRef(name, name.title(), written) for name, written in LESSONS.items()},
        "figures": {"paging.svg": DRAWING, "photo.webp": "/figures/photo.webp"},
        "terms": {"prefill": "kv-cache", "Decode": "attention"},
        "explorer_html": lambda name: f'<section class="explorer" id="explorer-{name}"><p>777</p></section>',
        "explorer_markdown": lambda name: (
            f"**What to try: {name}** Ask.\n\n| input | default |\n|---|---|\n| a | 888 |"
        ),
    }
    return Material(**({"plot": draw} | defaults | fields))


def draw(order, anchor):
    """Draw what is ordered as a line of two points; `broken` is nothing that can be drawn."""
    if order.x == "broken":
        raise ValueError("the input 'broken' is not a ledger number")
    line = Series("", [(1.0, 1.0), (9.0, 9.5)])
    return plot([line], title=order.y[0], x_label=order.x, y_label="It | all", prefix=anchor)
