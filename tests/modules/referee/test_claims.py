"""A text in Markdown, cut into sentences, items and cells, each where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modules.referee.claims import claims

ANSWER = """# Llama 3 70B

It has **80** layers. It has 8 heads,
over two lines.

Its parts:
- Layers: 80
  and more
- Width: 8192

| Model | Bandwidth (TB/s) | Layers (approx.) |
|:--|--:|---|
| H100 | 3.35 | 2 * 4 |

```python
layers = 80
```
"""


def told(text=ANSWER):
    return [(one.text.strip(), one.lead, one.before, one.unit) for one in claims(text)]


def test_each_is_told_with_what_stands_over_it():
    assert told() == [
        ("# Llama 3 70B", "", "", ""),
        ("It has   80   layers.", "", "", ""),
        ("It has 8 heads, over two lines.", "", "", ""),
        ("Its parts:", "", "", ""),
        ("Layers: 80   and more", "Its parts:", "", ""),
        ("Width: 8192", "Its parts:", "", ""),
        ("3.35", "Its parts:", "H100; Bandwidth: ", "TB/(s)"),
        ("2 * 4", "Its parts:", "H100; Layers (approx.): ", ""),
    ]


def test_a_sentence_takes_away_what_stood_over_a_list():
    assert [one.lead for one in claims("## A\n\nIt is so.\n\n- one\n")][-1] == ""


def test_what_is_too_long_for_a_sentence_claims_nothing():
    assert told("80 layers " * 200) == []


@given(st.text("ab 80.*|-#\n:`()", max_size=200))
def test_each_is_where_it_says(text):
    for one in claims(text):
        there = text[one.start : one.start + len(one.text)]
        assert len(there) == len(one.text)
        assert all(a == b or b == " " for a, b in zip(there, one.text, strict=True))
