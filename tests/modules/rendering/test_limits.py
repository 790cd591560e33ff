"""Hostile texts: each is read or refused within a second, and a refusal says why.

The bound below is twice that, for machines that are busy with something else.
"""

from time import process_time

import pytest

from modules.rendering.limits import FORBIDDEN, MAX_CHARACTERS, MAX_LINE
from modules.rendering.parsing import parse

SECONDS = 2


def fill(piece):
    """Repeat `piece` to the allowed size, in one paragraph of long lines."""
    line = piece * (MAX_LINE // len(piece) - 1)
    return "\n".join([line] * (MAX_CHARACTERS // len(line)))[:MAX_CHARACTERS]


HOSTILE = {
    "brackets": fill("["),
    "closing brackets": fill("]"),
    "links": fill("[a]("),
    "empty links": fill("[]("),
    "images": fill("!["),
    "stars": fill("*a "),
    "crossed emphasis": fill("*a_ "),
    "mixed stars": fill("a**bc* "),
    "underscores": fill("_a __b "),
    "growing backticks": "\n".join("`" * n for n in range(1, 600)),
    "backticks": fill("`a"),
    "nested quotes": fill(">"),
    "quoted lines": "\n".join("> " * 20 + "a" for _ in range(4000)),
    "nested lists": "\n".join("  " * n + "- a" for n in range(440)),
    "long list": "- a\n" * 7900,
    "quoted lists": "\n".join("> - " * 15 + "a" for _ in range(3000)),
    "dollars": fill("$a "),
    "maths": fill("$a$ "),
    "numbers": fill("[=a "),
    "citations": fill("[@a; "),
    "spans": fill("[a]{"),
    "open attributes": fill('[a]{b="'),
    "containers": "::: note x\n" * 7900,
    "listed containers": "- ::: note a\n" * 7900,
    "stray fences": ":::\n" * 7900,
    "footnotes": "\n".join(f"[^{n}]: [^{n + 1}]" for n in range(7900)),
    "footnote calls": fill("[^1]")[:100_000] + "\n\n[^1]: x",
    "references": "\n".join(f"[a{n}]: /a" for n in range(6000)) + "\n\n" + fill("[a1]")[:90_000],
    "long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 7900,
    "wide table": "|".join("a" * 6000) + "\n" + "|".join("-" * 6000) + "\n" + "|\n" * 7900,
    "almost a table": "a|b\n" * 7900,
    "ampersands": fill("&a"),
    "less than": fill("<a:"),
    "setext headings": "a\n-\n" * 3900,
    "anchors": "\n".join("## a " + "{#a " * 4000 for _ in range(12)),
    "titles": "\n".join("::: note " + "[" * 1900 + "\n:::" for _ in range(100)),
    "paragraphs of brackets": ("[" * 900 + "\n\n") * 220,
    "paragraphs of stars": ("*a " * 300 + "\n\n") * 220,
    "lazy lines": "> a\n" + "b\n" * 7900,
    "escapes": fill("\\*"),
    "words": fill("word "),
    "spaces": fill(" "),
    "deep emphasis": "*a **b " * 1300 + "** *" * 1300,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_refused_within_a_second(name):
    start = process_time()
    document = parse(HOSTILE[name])
    assert process_time() - start < SECONDS
    assert document.tokens or document.problems or not HOSTILE[name].strip()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n" * (MAX_CHARACTERS // 2 + 1), "more than the 200,000 allowed"),
        ("x" * 1_000_000, "more than the 200,000 allowed"),
        ("x" * (MAX_LINE + 1), "more than the 20,000 allowed"),
        ("\n" * 9000, "more than the 8,000 allowed"),
        ("a\x00b", "U+0000"),
        ("a\u202eb", "U+202E"),
        ("a\ufdd0b", "U+FDD0"),
        ("a\ud800b", "U+D800"),
        ("*" * 9 + ">" * 2000, None),
        (">" * 500 + "a", "nested deeper"),
        (HOSTILE["nested lists"], "nested deeper"),
        (HOSTILE["brackets"], "too intricate"),
        (HOSTILE["wide table"], "5,999 bars, more than the 100 allowed"),
        (HOSTILE["long table"], "too intricate"),
    ],
)
def test_refusal_is_one_sentence_and_no_tokens(source, message):
    document = parse(source)
    if message is None:
        assert document.tokens
    else:
        assert [message in problem.message for problem in document.problems] == [True]
        assert not document.tokens


def test_control_character_is_found_on_its_line():
    assert parse("one\ntwo\x07").problems[0].line == 2


def test_ordinary_whitespace_and_scripts_are_allowed():
    assert not FORBIDDEN.search("tab\t newline\r\n é 中 😀 \u200d")
