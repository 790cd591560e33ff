"""Parts of raw Markdown: one section, all but the answers."""

from __future__ import annotations

import pytest

from modules.rendering.extracts import section, sections, without_answers

RAW = """---
id: one
---

# One

Read on.

## The idea {#idea}

Words.

**Derivation:** A step {#step}

```python
## not a heading {#code}
```

### Smaller {#smaller}

More.

> **Check yourself** ★★☆ {#check-size}
>
> How large?
>
> **Answer**
>
> Forty.

After the check.

## Interview {#interview}

**Question** ★☆☆ {#question-a}

Why?

**Answer**

Because.

What to look for:

- The reason

**Question** ★☆☆ {#question-b}

How?

**Answer**

So.

## Terms {#terms}

- **word**: a word
"""


def test_every_anchor_can_be_asked_for():
    assert sections(RAW) == [
        *("idea", "step", "smaller", "check-size"),
        *("interview", "question-a", "question-b", "terms"),
    ]


def test_a_section_ends_where_the_next_of_its_rank_begins():
    text = section(RAW, "idea")
    assert text.startswith("---\nid: one\n---\n\n# One\n\n## The idea")
    assert "After the check." in text
    assert "Interview" not in text
    assert "Words." not in section(RAW, "smaller")


def test_a_block_ends_where_the_next_begins():
    assert "## not a heading" in section(RAW, "step")
    assert "More." not in section(RAW, "step")
    assert section(RAW, "question-a").count("**Question**") == 1


@pytest.mark.parametrize("anchor", ["nothing", "code", ""])
def test_what_is_not_there_is_nothing(anchor):
    assert section(RAW, anchor) == ""


def test_questions_stay_and_answers_go():
    text = without_answers(RAW)
    assert all(asked in text for asked in ("How large?", "Why?", "How?"))
    assert not any(told in text for told in ("**Answer**", "Forty", "Because", "The reason", "So."))
    assert "After the check." in text
    assert "## Terms {#terms}" in text
