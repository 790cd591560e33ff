import pytest

from modules.rendering.document import RunBlock
from modules.rendering.parsing import parse

FIGURE = "::: figure paging.svg Pages\n**What you see.** Boxes.\n\n**What to notice.** Gaps.\n:::"
DERIVATION = "::: derivation scale Why\n{}\n:::"
RUN = "```python run\nassert True\n```"


def messages(source, where="body"):
    return [problem.message for problem in parse(source, where).problems]


def kinds(source):
    return [token.type for token in parse(source).tokens]


def inline_kinds(source):
    return [child.type for token in parse(source).tokens for child in token.children or ()]


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("[=kv_per_token]", ("kv_per_token", "", None)),
        ("[=kv_per_token in MB]", ("kv_per_token", "MB", None)),
        ("[=kv_per_token in MB to 3]", ("kv_per_token", "MB", 3)),
        ("[=kv_per_token to 12]", ("kv_per_token", "", 12)),
        ("[=llama3_70b.layers]", ("llama3_70b.layers", "", None)),
        ("[=kv-cache:kv_per_token in KiB/token]", ("kv-cache:kv_per_token", "KiB/token", None)),
        ("[=price in USD/(gpu*hour) to 3]", ("price", "USD/(gpu*hour)", 3)),
    ],
)
def test_number_is_read_with_its_unit_and_digits(text, use):
    document = parse(f"Takes {text}.")
    assert [tuple(number)[:3] for number in document.numbers] == [use]
    assert not document.problems


@pytest.mark.parametrize("text", ["[=]", "[= x]", "[=Bad]", "[=x in]", "[=x to 0]", "[=x to many]", "[=a b]", "[=x"])
def test_malformed_number_is_a_problem(text):
    assert "malformed number" in messages(f"Takes {text} bytes")[0]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("[@pope2022]", [("pope2022", "")]),
        ("[@pope2022, Table 1]", [("pope2022", "Table 1")]),
        ("[@pope2022, Table 1; @dao2022]", [("pope2022", "Table 1"), ("dao2022", "")]),
        ("[@pope2022, Table 1, row 2;\n@dao2022, § 3.1]", [("pope2022", "Table 1, row 2"), ("dao2022", "§ 3.1")]),
    ],
)
def test_citation_is_read_with_its_locators(text, items):
    document = parse(f"So {text}.")
    assert [(use.key, use.locator) for use in document.citations] == items
    assert not document.problems


def test_citation_knows_its_section():
    document = parse("## One {#one}\n\nSo [@a2020].\n\n### Two {#two}\n\nSo [@b2020].")
    assert [use.anchor for use in document.citations] == ["one", "two"]


@pytest.mark.parametrize("text", ["[@]", "[@pope2022,]", "[@pope2022; dao2022]", "[@ pope2022]", "[@pope2022"])
def test_malformed_citation_is_a_problem(text):
    assert "malformed citation" in messages(f"So {text} it is")[0]


@pytest.mark.parametrize("text", ["[a@b.org]", r"\[@pope2022]", r"\[=x]", "`[=x] [@y]`", "[text]", "[ =x]"])
def test_lookalikes_are_text(text):
    document = parse(text)
    assert not document.numbers
    assert not document.citations
    assert not document.problems


def test_money_is_not_maths():
    assert "math_inline" not in inline_kinds("between $2 and $3, or $ 4 $")


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$x$", ["x"]),
        ("$x$ begins what ends in 3", ["x"]),
        ("a $x_i < \\$y$ b", ["x_i < \\$y"]),
        ("$a$ and $b$, $c\n= d$", ["a", "b", "c\n= d"]),
        ("$ a$", []),
        ("$a $", []),
        ("5$a$", []),
        ("$a$5", []),
        ("\\$a$", []),
        ("`$a$` and $2", []),
        ("in [a $x]$ link](a.md)", ["x]"]),
    ],
)
def test_maths_stands_between_dollars(text, formulas):
    assert [use.tex for use in parse(text).formulas] == formulas


def test_display_maths_has_one_type_and_keeps_its_label():
    document = parse("$$\na\n$$\n\n$$\nb\n$$ (soft)")
    assert [(token.type, token.meta) for token in document.tokens] == [
        ("math_block", {}),
        ("math_block", {"label": "soft"}),
    ]
    assert document.anchors == {"eq-soft": 5}


def test_display_maths_in_a_line_is_a_problem():
    assert messages("so $$x$$ is") == ["display maths, $$...$$, stands on lines of its own"]


def test_heading_takes_its_explicit_anchor():
    document = parse("## Worked *numbers* {#worked}\n\n### Two {#worked-2}")
    assert [tuple(heading)[:3] for heading in document.headings] == [
        (2, "worked", "Worked numbers"),
        (3, "worked-2", "Two"),
    ]
    assert not document.problems


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("# Title", "'#' is not used"),
        ("Title\n===", "'#' is not used"),
        ("## Title", "has no anchor"),
        ("Title\n---", "has no anchor"),
        ("## Title {#Bad}", "has no anchor"),
        ("## A {#a}\n\n## B {#a}", "'a' is already used on line 1"),
        ("## A {#scale}\n\n" + DERIVATION.format(RUN), "'scale' is already used on line 1"),
        ("## A {#number-x}", "the page makes itself"),
        ("### A {#a}", "before any '##'"),
        ("> ## A {#a}", "inside another block"),
        ("::: note A\n## B {#b}\n:::", "inside another block"),
    ],
)
def test_wrong_heading_is_a_problem(source, message):
    assert message in messages(source)[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("::: nots Title\nx\n:::", "unknown container 'nots'"),
        ("::: note\nx\n:::", "note needs a title"),
        ("::: figure Caption\nx\n:::", "'Caption' is not a file"),
        ("::: figure ../a.svg Caption\nx\n:::", "'../a.svg' is not a file"),
        ("::: table sizing Cache\nx\n:::", "exactly one table"),
        ("::: claim maybe It is\nx\n:::", "unknown claim verdict 'maybe'"),
        ("::: claim wrong It is\n:::", "claim 'It is' is empty"),
        ("::: explorer\n:::", "explorer needs its id"),
        ("::: explorer memory More\n:::", "takes no title"),
        ("::: explorer memory\ntext\n:::", "empty container"),
        ("::: explorer a\n:::\n\n::: explorer a\n:::", "'a' already stands on line 1"),
        ("::: questions\n:::\n\n::: questions\n:::", "already stand on line 1"),
        ("::: note Title\ntext", "unclosed container 'note'"),
        ("- ::: note Title\n  text\n\ntext", "unclosed container 'note'"),
        ("text\n\n:::", "this ':::' closes nothing"),
        ("::: figure a.svg A\n**What you see.** B.\n:::", "does not say **What to notice.**"),
        ("![a](b.png)", "outside a figure"),
        ("[40]{.big}", "unknown mark"),
        ("[40]{#id}", "unknown mark"),
        ("[[=x]](a.md)", "a link holds no number"),
        ("[see [@a2020]](a.md)", "a link holds no number"),
    ],
)
def test_wrong_container_or_mark_is_a_problem(source, message):
    assert message in messages(source)[0]


def test_containers_nest_with_longer_fences():
    source = ":::: example Outer [=x]\n\n::: note Inner\ntext\n:::\n\n- a list\n\n::::\n\nafter"
    assert not parse(source).problems
    assert [kind for kind in kinds(source) if kind.startswith("container")] == [
        "container_example_open",
        "container_title_open",
        "container_title_close",
        "container_note_open",
        "container_title_open",
        "container_title_close",
        "container_note_close",
        "container_example_close",
    ]


def test_title_of_a_container_is_read_like_any_line():
    document = parse(FIGURE.replace("Pages", "Pages of [=size] [@kwon2023, Figure 2], $n$"))
    assert [use.name for use in document.numbers] == ["size"]
    assert [use.locator for use in document.citations] == ["Figure 2"]
    assert [use.file for use in document.figures] == ["paging.svg"]


def test_containers_may_stand_in_lists_and_quotes():
    document = parse("- item\n\n  ::: note A\n  text\n  :::\n\n> ::: note B\n> text\n> :::")
    assert not document.problems


def test_run_blocks_know_their_output_and_derivation():
    source = f"```python run\nprint(1)\n```\n\n```output\n1\n```\n\n{DERIVATION.format(RUN)}"
    assert parse(source).runs == [
        RunBlock("print(1)\n", "1\n", 1, None, 3, 7),
        RunBlock("assert True\n", None, 10, "scale", 12, 12),
    ]


@pytest.mark.parametrize(
    ("inside", "fine"),
    [
        (RUN, True),
        (RUN + "\n```output\n1\n```", True),
        ("So it is.\n\n" + RUN, True),
        (RUN + "\n\nSo it is.", False),
        ("```python run\nprint('assert')\n```", False),
        ("```python\nassert True\n```", False),
        ("words", False),
    ],
)
def test_derivation_ends_in_a_check(inside, fine):
    assert (messages(DERIVATION.format(inside)) == []) is fine


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("```output\n1\n```", "follows no 'python run'"),
        ("```python run\n1\n```\n\ntext\n\n```output\n1\n```", "follows no 'python run'"),
        ("```python\n1", "unclosed code block"),
        ("```", "unclosed code block"),
        ("```pyhton\n1\n```", "unknown code language 'pyhton'"),
        ("```python rum\n1\n```", "unknown code language"),
    ],
)
def test_wrong_code_block_is_a_problem(source, message):
    assert message in messages(source)[0]


@pytest.mark.parametrize(
    "source", ["```text\n1\n```", "~~~\n1\n~~~", "> ```json\n> 1\n> ```", "- a\n\n  ```c\n  1\n  ```", "    indented"]
)
def test_code_blocks_are_fine_anywhere(source):
    assert messages(source) == []


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("a[^1]", "unknown footnote '[^1]'", 1),
        ("a\n\n[^1]: note", "called nowhere", 3),
        ("a[^1]\n\n[^1]: note\n\n[^1]: other", "already written on line 3", 5),
        ("a[^1]\n\n[^1]: note[^2]\n\n[^2]: b", "called from another footnote", 3),
        ("a[^1]\n\n[^1]: note\n\n    - list", "more than paragraphs", 3),
        ("## A[^1] {#a}\n\n[^1]: note", "from a heading", 1),
    ],
)
def test_wrong_footnote_is_a_problem(source, message, line):
    problem = parse(source).problems[0]
    assert (message in problem.message, problem.line) == (True, line)


def test_problems_name_their_line_and_text():
    problem = parse("one\ntwo [=Bad]\nthree", "question gqa").problems[0]
    assert (problem.line, problem.where) == (2, "question gqa")
    assert str(problem).startswith("question gqa, line 2: malformed number '[=Bad]'")


@pytest.mark.parametrize("source", ["## A {#a}", "::: note A\nb\n:::", RUN, "a[^1]\n\n[^1]: b"])
def test_short_texts_take_no_structure(source):
    assert messages(source, "hook")


def test_words_leave_out_maths_code_and_tables():
    source = "Two words $x y z$ `one more` [=n].\n\n```python\nx = 1\n```\n\n| a b | c |\n|---|---|\n| d | e |"
    assert parse(source).words == 6


def test_links_and_terms_are_listed():
    document = parse("[prefill]{.term} as in [Self-Attention](attention.md#derivation)")
    assert [(link.href, link.text) for link in document.links] == [("attention.md#derivation", "Self-Attention")]
    assert [term.id for term in document.terms] == ["prefill"]


def test_raw_html_is_text():
    assert inline_kinds("a <b onclick=x>b</b>") == ["text"]
    assert kinds("<script>x</script>") == ["paragraph_open", "inline", "paragraph_close"]
