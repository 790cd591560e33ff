import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.rendering.material import Lesson, Question
from modules.rendering.numerals import KINDS, classify, numerals
from modules.rendering.parsing import parse


def undefended_in(text):
    return [problem.message.split("'")[1] for problem in classify(parse(text)).undefended]


def counts(text):
    return dict(classify(parse(text)).counts)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("It takes [=kv_per_token] and [=total in GB to 4].", {"ledger": 2}),
        ("It wastes 60 to 80% [@kwon2023].", {"cited": 2}),
        ("[@kwon2023] measured 20.4%.", {"cited": 1}),
        ("It wastes 20.4%. [@kwon2023, Section 1]", {"cited": 1}),
        ("It is $2 \\times 80 = 160$ in all.", {"maths": 3}),
        ("$$\nx_{10} = 2.5\n$$", {"maths": 2}),
        ("Call `range(10, 2.5)`.", {"maths": 2}),
        ("```python\nx1 = 40 + 2\n```", {"maths": 2}),
        ("    x = 40", {"maths": 1}),
        ("Take [40]{.toy} and [3 to 70]{.toy} of them.", {"toy": 3}),
        ("Take a [vocabulary of 40 words]{.toy}.", {"toy": 1}),
        ("An H100 runs Llama 3.1 70B in FP8.", {"name": 4}),
        ("Vaswani showed it in 2017 [@vaswani2017].", {"name": 1}),
        ("Shown by [@vaswani2017] (2017).", {"name": 1}),
        ("There are 3 ways and 12 more, 0 of them good.", {"count": 3}),
        ("The 2nd of 3 to 5 steps, or 3–5.", {"count": 4}),
        ("At max 5 of a matrix 3 by 4.", {"count": 3}),
        ("- 1 of them\n- the 2 others", {"count": 2}),
        ("1. first\n2. second", {}),
        ("Eight GPUs hold twelve of them.", {}),
        ("No numbers.", {}),
        ("", {}),
        ("**7**0B of **Llama 3** 70B [@a].", {"cited": 1, "name": 2}),
        ("::: derivation scale Why 64\nTake 512 of 4.5%.\n:::", {"maths": 3}),
        ("::: derivation scale Why\nTake [=n] and [40]{.toy}.\n:::", {"ledger": 1, "toy": 1}),
        ("See <https://arxiv.org/abs/1706.03762>.", {"name": 1}),
        ("See [the 3 parts](https://x.org/40/50).", {"count": 1}),
    ],
)
def test_each_kind_is_counted(text, kinds):
    assert (counts(text), undefended_in(text)) == (kinds, [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It wastes 40 of them.", ["40"]),
        ("It wastes 20.4% of them.", ["20.4"]),
        ("It wastes 5% of them.", ["5"]),
        ("It wastes 5 percent.", ["5"]),
        ("It costs $5, 5 USD or 5 dollars.", ["5", "5", "5"]),
        ("It costs € 5 or USD 5.", ["5", "5"]),
        ("It has 8 GPUs, 5 users, 4 requests and 2 tokens.", ["8", "5", "4", "2"]),
        ("An 8-token window of 2 s, 3 ms, 4 hours, 5 B and 6 GB.", ["8", "2", "3", "4", "5", "6"]),
        ("It is 4× faster, 3x, 2 times, 5-fold, ×6.", ["4", "3", "2", "5", "6"]),
        ("A 7B model with 8k and 2 million.", ["7", "8", "2"]),
        ("It takes 13.", ["13"]),
        ("It takes 2.5.", ["2.5"]),
        ("It takes 1/2 of it, or ½.", ["1/2", "½"]),
        ("A ratio of 3:1.", ["3:1"]),
        ("It fell by -3.", ["-3"]),
        ("It fell to −3.", ["−3"]),
        ("Some 10⁹ or 10^9 or 1e9.", ["10⁹", "10^9", "1e9"]),
        ("Some 70,553,706,496 of them.", ["70,553,706,496"]),
        ("Some 3–50 of them.", ["3–50"]),
        ("Some 3–5% of them.", ["3–5"]),
        ("The id 101830.", ["101830"]),
        ("On 2026-11-23 in 2026.", ["2026-11-23", "2026"]),
        ("The 13th of them.", ["13"]),
        ("The 007 of it.", ["007"]),
        ("x4 and USD5.", ["4", "5"]),
        ("٤٠ of them.", ["٤٠"]),
    ],
)
def test_what_nothing_defends_is_listed(text, found):
    assert undefended_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is 40. They measured 50 [@a].", ["40"]),
        ("They measured 50 [@a]. It is 40.", ["40"]),
        ("They measured, e.g. in Fig. 3, some 40 [@a].", []),
        ("Is it 40? They say so [@a].", ["40"]),
        ("They measured 40. [@a] The rest is 50.", ["50"]),
        ("They measured 40. [@a] show 50.", ["40"]),
        ("They measured 40\nof them, over\nlines [@a].", []),
        ("It is 40.[^n] They\n\n[^n]: Some 50 [@a].", ["40"]),
        ("It is 40 [@a].[^n]\n\n[^n]: Some 50.", ["50"]),
        ("Two paragraphs [@a]\n\nwith 40.", ["40"]),
        ("- one item [@a]\n- with 40", ["40"]),
        ("> a quote of 40 [@a]", []),
        ("## Some 40 {#some}", ["40"]),
        ("## Some 40. More [@a] {#some}", []),
    ],
)
def test_a_citation_defends_its_sentence_and_no_other(text, found):
    assert undefended_in(text) == found


def test_a_citation_defends_its_table_row():
    text = "| model | heads |\n|---|---|\n| one. Two [@a] | 40 |\n| three | 50 |\n| four | [=x] of 60 |"
    assert undefended_in(text) == ["50", "60"]


def test_a_citation_defends_its_caption():
    table = "\n| a |\n|---|\n| b |\n:::"
    assert undefended_in(f"::: table t Some 40. More [@a]{table}") == []
    assert undefended_in(f"::: table t Some 40{table}") == ["40"]


def test_a_citation_in_the_caption_defends_no_row():
    assert undefended_in("::: table t More [@a]\n| a |\n|---|\n| 40 |\n:::") == ["40"]


def test_a_claim_needs_its_citation_where_it_stands():
    text = "::: claim wrong It solves 66%\nIt solves 14.41% [@zhou2023].\n:::"
    assert undefended_in(text) == ["66"]


def test_a_derivation_ends_where_it_ends():
    text = ":::: note Some\n::: derivation d Why\nSome 40.\n:::\nSome 50.\n::::\n\nSome 60."
    assert undefended_in(text) == ["50", "60"]


def test_problems_name_line_place_and_sentence():
    text = "One.\n\nThe first line\nof [=x] and `y` and $z$ has\n40 of them, which is more than anybody would expect.\n"
    [problem] = classify(parse(text, "question one"), "question one").undefended
    assert problem.line == 5
    assert problem.where == "question one"
    assert problem.message == (
        "nothing defends '40' in 'The first line of [=x] and `y` and $z$ has 40 of them, which is more than anybody w…'"
    )


def test_every_text_of_a_lesson_is_read():
    lesson = Lesson(
        id="x",
        title="X",
        summary="Some 20",
        hook="Some 30",
        body="Some 40",
        terms=(("prefill", "Some 50"),),
        questions=(Question("q", 1, "Some 60", "Some 70 and [=x]", ("Some 80", "some 90")),),
    )
    places = [(p.where, p.line, p.message.split("'")[1]) for p in numerals(lesson).undefended]
    assert places == [
        ("hook", 1, "30"),
        ("body", 1, "40"),
        ("question q", 1, "60"),
        ("question q, answer", 1, "70"),
        ("question q, rubric 1", 1, "80"),
        ("question q, rubric 2", 1, "90"),
        ("summary", 1, "20"),
        ("term prefill", 1, "50"),
    ]
    assert numerals(lesson).counts == {"ledger": 1}


def test_a_long_lesson_is_read_in_a_moment():
    paragraph = (
        "An H100 reads [=x] of Llama 3.1 70B in FP8, e.g. 20.4% of it, see Section 3.2 [@pope2022, Table 1]. "
        "There are 3 of $x_1 = 2$ and `f(4)`, and [40]{.toy} more. The rest is words, as they are in lessons.\n\n"
    )
    document = parse(paragraph * 90 + "| a | 1 | 2 |\n|---|---|---|\n" + "| H100 | [=x] | 40 [@a] |\n" * 30)
    start = time.perf_counter()
    found = classify(document)
    assert time.perf_counter() - start < 0.5  # a lesson twice as long as allowed; it takes 0.03 s
    assert found.undefended == []
    assert found.counts["cited"] == 120


@pytest.mark.parametrize("text", ["1 " * 9000, "1." * 9000, "1-" * 9000, "Table 1, " * 2000, "(" * 9000, "@1" * 9000])
def test_hostile_text_is_read_in_bounded_time(text):
    document = parse(text)
    start = time.perf_counter()
    classify(document)
    assert time.perf_counter() - start < 3


@given(st.text("0123456789 .,:/-–%$xkB×[=@]{}a|\n#`Table", max_size=80))
def test_every_text_is_classified(text):
    found = classify(parse(text))
    assert set(found.counts) <= set(KINDS)
