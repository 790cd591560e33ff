"""The page and the raw Markdown say the same, and the comparison notices when they do not."""

import re

import pytest

from modules.rendering import render
from modules.rendering.fidelity import compare
from tests.modules.rendering.sample import make_bare, make_lesson, make_material


@pytest.fixture(scope="module")
def rendered():
    return render(make_lesson(), make_material())


def differences(rendered, page=None, raw=None):
    return compare(page or rendered.hook + rendered.html, raw or rendered.raw)


def test_sample_agrees_with_itself(rendered):
    assert differences(rendered) == []


@pytest.mark.parametrize(
    ("pattern", "put", "said"),
    [
        (r"### Details \{#details\}\n", "", "the heading 'Details' stands 1x on the page, 0x"),
        (r"## Derivation", "## Derivations", "the heading 'Derivation' stands 1x"),
        (r"\| cache \| 320 KiB/token", "| cache | 32 KiB/token", "says '320 KiB/token' on the page and '32 KiB/token'"),
        (r"\| cache \|[^\n]*\n", "", "has another shape"),
        (r"\*\*Table:\*\*(?s:.)*?\n\n(?s:.)*?\n\n", "", "tables and the raw Markdown"),
        (r"for 8,192 tokens costs", "costs", "the number '8,192' stands"),
        (r"\$3\.99/GPU-hour, as", "$3.98/GPU-hour, as", "the number '3.99' stands"),
        (r"\$x_i < \\frac\{a\}\{b\}\$", "", r"the formula 'x_i < \frac{a}{b}' stands 1x on the page, 0x"),
        (r"a = b", "a = c", "the formula 'a = b' stands"),
        (r"/raw/attention\.md#derivation", "/raw/attention.md", "the link '/raw/attention.md#derivation' stands 1x"),
        (r"https://example\.org/kwon2023", "https://example.org/x", "the link 'https://example.org/kwon2023' stands"),
        (r"assert math\.sqrt\(4\) == 2", "assert True", "the code block"),
        (r"A toy has 40 rows", "A toy has rows", "the number '40' stands"),
        (r"\[\^1\]: A note on 2 B", "[^1]: A note", "the number '2' stands"),
    ],
)
def test_loss_in_the_raw_markdown_is_noticed(rendered, pattern, put, said):
    changed = re.sub(pattern, lambda _: put, rendered.raw, count=1)
    assert changed != rendered.raw
    assert said in "\n".join(differences(rendered, raw=changed))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"<h3.*?</h3>", "the heading 'Details' stands 0x on the page, 1x"),
        (r"<td class=\"right\">.*?</td>", "has another shape"),
        (r"<math.*?</math>", "the formula"),
        (r"<a class=\"lesson\".*?>", "the link"),
        (r"8,192&nbsp;tokens", "the number '8,192'"),
        (r"(?s)<pre class=\"output\".*?</pre>", "the code block '2 < 3' stands 0x"),
    ],
)
def test_loss_on_the_page_is_noticed(rendered, pattern, said):
    page = rendered.hook + rendered.html
    changed = re.sub(pattern, "", page, count=1)
    assert changed != page
    assert said in "\n".join(differences(rendered, page=changed))


def test_order_of_headings_is_compared():
    one, other = (
        render(make_bare(body), make_material()) for body in ("## A {#a}\n\n## B {#b}", "## B {#b}\n\n## A {#a}")
    )
    assert compare(one.html, other.raw) == ["the heading 'A' stands elsewhere in the raw Markdown"]


def test_explorers_are_left_out(rendered):
    assert "777" in rendered.html
    assert "888" in rendered.raw
