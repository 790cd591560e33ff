"""The sanitiser, and the marks that stand for what goes in after it."""

import re

import pytest

from modules.rendering import Number, Question, Source, render
from modules.rendering.markup import Fragments, escape, sanitised
from tests.modules.rendering.sample import make_bare, make_material, make_numbers

FORGED = "\ufdd00\ufdd1"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>" + FORGED


@pytest.mark.parametrize(
    ("untrusted", "left"),
    [
        ("<script>x</script><p onclick=x style=color:red>a</p>", "<p>a</p>"),
        ('<a href="javascript:x" data-hx-get="/x" target=_blank>a</a>', "<a>a</a>"),
        ('<img src="data:image/svg+xml,x" onerror=x alt=a>', '<img alt="a">'),
        ("<svg><style>x</style></svg><iframe src=x></iframe><form>a</form>", "a"),
        ("<math><mi>x</mi></math><!-- c -->y", "y"),
        (
            '<div tabindex="0" role="group" aria-label="a">b</div>',
            '<div tabindex="0" role="group" aria-label="a">b</div>',
        ),
        (
            '<details class="a" open><summary>s</summary>t</details>',
            '<details class="a"><summary>s</summary>t</details>',
        ),
    ],
)
def test_only_what_a_lesson_is_made_of_is_left(untrusted, left):
    assert sanitised(untrusted) == left


def test_fragments_take_the_places_of_their_marks():
    fragments = Fragments()
    formula, drawing = fragments.keep("<math></math>"), fragments.keep("<svg></svg>")
    assert fragments.finish(f"<p>{drawing}a{formula}<b>c</b>") == "<p><svg></svg>a<math></math>c</p>"


def test_mark_without_a_fragment_is_dropped():
    assert Fragments().finish(f"a{FORGED}b") == "ab"


def test_escaped_text_holds_no_mark():
    assert escape(f'<a b="c">{FORGED}') == "&lt;a b=&quot;c&quot;&gt;0"


def test_no_string_of_a_lesson_gets_markup_or_a_mark_into_the_page():
    number = Number(
        "kv-cache:x", HOSTILE, HOSTILE, make_numbers()["window"].quantity, because=HOSTILE, note=HOSTILE, at=HOSTILE
    )
    source = Source(
        "k", HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE, HOSTILE, HOSTILE
    )
    lesson = make_bare(
        '[=x] [@k, <b>] $a$ [a](https://e.org/<b> "<b>") `<b>` [c](javascript:alert(1))\n\n```python\n<script>\n```',
        title=HOSTILE,
        hook="<script>alert(1)</script>",
        ledger=(number,),
        terms=((HOSTILE, HOSTILE),),
        questions=(Question("q", 1, "<img src=x>", "&lt;script&gt;"),),
    )
    rendered = render(lesson, make_material(numbers={"x": number}, sources={"k": source}))
    html = rendered.hook + rendered.html
    assert not re.search(r"<(?:script|img|b)\b|<[^>]*\b(?:onerror|javascript:)[^>]*>", re.sub(r'"[^"]*"', '""', html))
    assert 'href="javascript:' not in html
    assert html.count("<math") == 1
    assert "\ufdd0" not in html


@pytest.mark.parametrize(
    "text", [FORGED, "&#xFDD0;0&#xFDD1;", "&#64976;0&#64977;", "`\ufdd00\ufdd1`", "\\\ufdd00\ufdd1", "%EF%B7%900"]
)
def test_no_author_can_write_a_mark(text):
    html = render(make_bare(f"$x$ {text} [a](https://e.org/{text})\n\n    {text}"), make_material()).html
    assert html.count("<math") in (0, 1)
    assert "\ufdd0" not in html
