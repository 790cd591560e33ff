"""Raw Markdown: everything the page says, in Markdown that any reader understands."""

import pytest
import yaml
from markdown_it import MarkdownIt

from modules.rendering import Question, render
from tests.modules.rendering.sample import make_bare, make_lesson, make_material


def raw(body, **fields):
    return render(make_bare(body, **fields), make_material()).raw


@pytest.fixture(scope="module")
def whole():
    return render(make_lesson(), make_material()).raw


def test_front_matter_is_data(whole):
    data = yaml.safe_load(whole.split("---\n")[1])
    assert list(data) == ["id", "title", "url", "requires", "updated", "version", "licence", "tokens"]
    assert (data["id"], data["version"], str(data["updated"])) == ("kv-cache", 3, "2026-11-23")


def test_front_matter_survives_any_title():
    text = render(make_bare("x", title="no: [a] 'b' \"c\" & é #d"), make_material()).raw
    assert yaml.safe_load(text.split("---\n")[1])["title"] == "no: [a] 'b' \"c\" & é #d"


def test_title_and_hook_come_first_and_all_lessons_last(whole):
    assert "---\n\n# KV Cache & Memory\n\nOne 8,192 tokens long.\n\nAn opening" in whole
    assert whole.endswith("\n\nAll lessons, for machines: [/llms.txt](/llms.txt)\n")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[=window] and [=share]", "8,192 tokens and 20.4%"),
        ("[=price] is money", r"\$3.99/GPU-hour is money"),
        ("[@kwon2023, Section 2.2; @dao2022]", "([Kwon et al. 2023](#source-kwon2023), Section 2.2; [Dao and Fu 2022]"),
        ("[40]{.toy} [prefill]{.term}", "40 prefill"),
        (
            "[x](attention.md#b) [y](moe.md) [z](https://e.org/a_(b))",
            "[x](/raw/attention.md#b) y [z](<https://e.org/a_(b)>)",
        ),
        ("$x_i < 2$ and \\$5 * 3", r"$x_i < 2$ and \$5 * 3"),
        ("$$\na\n= b\n$$ (soft)", "$$\na\n= b\n$$ (soft)"),
        ("One[^a].\n\n[^a]: Note [=window].", "One[^a].\n\n[^a]: Note 8,192 tokens."),
        ("## Worked *numbers* {#worked}", "## Worked *numbers* {#worked}"),
        ("```python run\n1 < 2\n```\n\n```output\n3\n```", "```python\n1 < 2\n```\n\n```output\n3\n```"),
        ("1. a\n2. b", "1. a\n2. b"),
        ("| a | b |\n|---|--:|\n| [=window] | $x$ |", "| a | b |\n| -- | -: |\n| 8,192 tokens | $x$ |"),
        ("::: pitfall The mean\nOne.\n\n- two\n:::", "> **Pitfall:** The mean\n>\n> One.\n>\n> - two"),
        ("::: claim needs-context So\nWhy.\n:::", "> **Claim:** So\n>\n> Verdict: needs context.\n>\n> Why."),
        (
            "::: derivation root Why $x$\nSo.\n\n```python run\nassert 1\n```\n:::",
            "**Derivation:** Why $x$ {#root}\n\nSo.\n\n```python",
        ),
        ("::: table sizing Sizes\n| a |\n|---|\n| 1 |\n:::", "**Table:** Sizes {#sizing}\n\n| a |\n| -- |\n| 1 |"),
    ],
)
def test_what_is_written_becomes_plain_markdown(written, shown):
    assert shown in raw(written)


def test_figure_becomes_its_description(whole):
    assert (
        "> **Figure:** Pages of 8,192 tokens {#figure-paging}\n>\n> Picture: Pages. Four pages, one of them free.\n>\n"
        "> **What you see.** Pages.\n>\n> **What to notice.** One is free."
    ) in whole


def test_explorer_becomes_its_defaults(whole):
    assert (
        "> **What to try: memory** Ask. {#explorer-memory}\n>\n> | input | default |\n> |---|---|\n> | a | 888 |"
        in whole
    )


def test_question_comes_with_answer_number_and_rubric(whole):
    assert (
        "**Question** ★★☆ {#question-gqa}\n\nWhy 8,192 tokens?\n\n**Answer**\n\n"
        "Since $y$ ([Dao and Fu 2022](#source-dao2022)).\n\n- so\n\nIn numbers: 320 KiB/token\n\n"
        "What to look for:\n\n- says *so*\n- adds why"
    ) in whole
    assert "> **Check yourself** ★★☆ {#check-gqa}\n>\n> Why 8,192 tokens?" in whole


def test_questions_without_a_place_stand_at_the_end():
    assert "## Questions {#questions}\n\n**Question** ★☆☆ {#question-q}" in raw(
        "x", questions=(Question("q", 1, "Why?", "So."),)
    )


def test_ledger_is_a_table(whole):
    assert (
        "| Number | Value | How | Source |\n| --- | --- | --- | --- |\n| Tokens per conversation [`window`](" in whole
    )
    assert "| assumed: The window of Llama 3 |  |" in whole
    assert (
        r"| H100 [`price`](/numbers/kv-cache/price/) | \$3.99/GPU-hour | "
        r"cited: as of 2026-09-25 | [Dao and Fu 2022](#source-dao2022), Pricing |" in whole
    )
    assert (
        "| 320 KiB/token | computed: `2 * llama3_70b.layers * 8 * 128 * value_size / (1 token)`; Keys and values |  |"
        in whole
    )
    assert (
        "| Layers [`llama3_70b.layers`](/numbers/llama3_70b/layers/) | 80 | "
        "cited | [Meta 2024](#source-llama3), Table 3 |" in whole
    )


def test_terms_and_sources_are_given_in_full(whole):
    assert "## Terms {#terms}\n\n- **prefill**: The one pass that reads the prompt" in whole
    assert (
        "**source-kwon2023**: Woosuk Kwon, Zhuohan Li and Siyuan Zhuang (2023). *On kwon2023*. Checked 2026-11-01. "
        "<https://example.org/kwon2023>"
    ) in whole


@pytest.mark.parametrize(
    "text",
    [
        "a *b* c",
        "1\\. no list",
        "\\# no heading",
        "a_b_c and _d",
        "5 < 6 <b> & &amp;",
        "[no](link",
        "\\[=x]",
        "`` a`b ``",
        "\\*x\\*",
    ],
)
def test_markdown_read_again_says_the_same(text):
    markdown = MarkdownIt("commonmark", {"html": False})
    assert markdown.render(text).strip() in markdown.render(raw(text))


def test_nothing_of_the_notebooks_own_marks_is_left(whole):
    for mark in ("[=", "[@", ":::", "{.toy}", "{.term}", "python run", "\N{NO-BREAK SPACE}"):
        assert mark not in whole
