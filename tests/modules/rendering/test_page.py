"""The page, as docs/markup.md lists it."""

import re
from pathlib import Path

import pytest

from modules.rendering import Question, render
from tests.modules.rendering.sample import BODY, make_bare, make_lesson, make_material

MARKUP = (Path(__file__).parents[3] / "docs" / "markup.md").read_text()


def page(body, **fields):
    return render(make_bare(body, **fields), make_material()).html


@pytest.fixture(scope="module")
def rendered():
    return render(make_lesson(), make_material())


def test_sample_has_no_problems(rendered):
    assert rendered.problems == []


def test_every_class_is_listed_in_the_docs(rendered):
    used = {name for names in re.findall(r'class="([^"]*)"', rendered.html) for name in names.split()}
    pygments = {name for name in used if len(name) <= 2}
    drawn = {name for name in used if name.startswith("f-")}
    listed = set(re.findall(r"[a-z][a-z0-9-]+", MARKUP))
    assert used - pygments - drawn <= listed


def test_ids_are_unique_and_every_link_in_the_page_leads_to_one(rendered):
    ids = re.findall(r' id="([^"]+)"', rendered.html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', rendered.html)) <= set(ids)


def test_no_element_has_a_style_or_handler(rendered):
    assert not re.search(r"<[^>]* (?:style|on\w+|data-[\w-]+)=", rendered.html)


def test_sections_follow_the_second_level_headings():
    html = page("before\n\n## A {#a}\n\none\n\n### B {#b}\n\n## C {#c}\n\ntwo")
    assert html.startswith('<p>before</p>\n<section class="section">\n<h2 id="a">A<a class="anchor" href="#a"')
    assert html.count("<section") == html.count("</section>") == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[=window]", '<a class="number number-assumed" href="#number-window"'),
        ("[=window]", 'title="Tokens per conversation: assumed, The window of Llama 3">8,192&nbsp;tokens</a>'),
        ("[=share]", 'title="Cache put to use: cited, Kwon et al. 2023, Section 1">20.4%</a>'),
        ("[=price]", "cited, Dao and Fu 2022, Pricing, as of 2026-09-25"),
        ("[=per_token]", 'href="#number-per_token" title="KV cache per token: computed, 2 * llama3_70b.layers'),
        ("[=llama3_70b.layers]", 'href="#number-llama3_70b-layers"'),
        ("[=attention:width]", 'href="#number-attention-width"'),
        ("[=per_token in B/token]", ">327,680&nbsp;B/token</a>"),
        ("[=per_token in B/token to 2]", ">330,000&nbsp;B/token</a>"),
    ],
)
def test_number_opens_its_defence(text, shown):
    assert shown in page(text)


def test_table_of_numbers_holds_what_is_printed_and_what_it_rests_on():
    html = page("[=per_token]")
    rows = re.findall(r'<tr class="number-(\w+)" id="number-([\w-]+)">', html)
    assert rows == [("computed", "per_token"), ("assumed", "value_size"), ("cited", "llama3_70b-layers")]
    assert '2 * <a href="#number-llama3_70b-layers">llama3_70b.layers</a> * 8' in html
    assert '* <a href="#number-value_size">value_size</a> / (1 token)' in html


def test_citation_leads_to_its_source_and_back():
    html = page("## Idea {#idea}\n\nSo [@kwon2023, Section 2; @dao2022].")
    assert '(<a class="cite" id="cite-kwon2023-1" href="#source-kwon2023">Kwon et al. 2023</a>, Section 2; <a' in html
    assert (
        '<li id="source-kwon2023">Woosuk Kwon, Zhuohan Li and Siyuan Zhuang (2023). <cite>On kwon2023</cite>.' in html
    )
    assert 'Cited in <a href="#cite-kwon2023-1">Idea</a>, Section 2' in html


def test_links_lead_where_they_can():
    html = page(
        "## A {#a}\n\n[x](attention.md#b) [y](moe.md) [z](#a) [w](https://e.org/) [s](/sources/) [k](kv-cache.md#a)"
    )
    assert '<a class="lesson" href="/modules/attention/#b">x</a> y <a href="#a">z</a>' in html
    assert '<a href="https://e.org/" rel="noopener">w</a> <a href="/sources/">s</a> <a href="#a">k</a>' in html


@pytest.mark.parametrize("text", ["prefill", "Prefill", "decode"])
def test_term_leads_to_the_glossary(text):
    assert f'<dfn class="term"><a href="/glossary/#term-{text.lower()}">{text}</a></dfn>' in page(f"[{text}]{{.term}}")


def test_footnote_stands_right_after_its_first_call():
    html = page("One.[^a] Two.[^a]\n\n[^a]: The [=window] *note*.")
    first, second = html.split("Two.")
    assert first.startswith(
        '<p>One.<a class="note-ref" id="noteref-1" href="#note-1" aria-label="Note 1"><sup>1</sup></a>'
    )
    assert '<span class="sidenote" id="note-1" role="note"><span class="sidenote-number">1</span> The <a' in first
    assert second.startswith('<a class="note-ref" href="#note-1" aria-label="Note 1"><sup>1</sup></a></p>')


def test_wide_things_scroll_by_themselves_and_have_a_name():
    html = page("$$\na\n$$ (soft)\n\n| a | b |\n|---|--:|\n| 1 | 2 |")
    scroll = '<div class="scroll" tabindex="0" role="group" aria-label="{}">'
    assert f'<div class="equation" id="eq-soft">{scroll.format("Equation soft")}<math display="block">' in html
    assert (
        f'<div class="table" id="table-a-b"><a class="anchor" href="#table-a-b" aria-label="Link to this table"></a>'
        f'{scroll.format("Table: a, b")}<table><thead><tr><th scope="col">a</th>'
    ) in html
    assert '<td class="right">2</td>' in html


def test_what_no_author_named_has_a_place_all_the_same():
    formula, table = "$$\na = b\n$$", "| a *b* | $x$ |\n|---|---|\n| 1 | 2 |"
    html = page(f"{formula}\n\n{formula}\n\n{table}\n\n{table}\n\n$$\nc\n$$")
    ids = re.findall(r'<div class="(?:equation|table)" id="([^"]+)">', html)
    assert ids == re.findall(r'<a class="anchor" href="#([^"]+)" aria-label="Link to this (?:formula|table)">', html)
    same, again, *tables, other = ids
    assert tables == ["table-a-b-x", "table-a-b-x-2"]
    assert (again, other[:3]) == (f"{same}-2", "eq-")
    assert other != same
    assert f'id="{same}"' in page("Before.\n\n$$\na  =\nb\n$$"), "it stays when the text around it changes"


def test_every_number_has_a_link_to_its_row(rendered):
    assert '<a class="anchor" href="#number-window" aria-label="Link to this number"></a></th>' in rendered.html


def test_code_is_coloured_by_classes_and_shows_its_output(rendered):
    assert '<span class="k">assert</span>' in rendered.html
    assert (
        '</code></pre>\n<pre class="output" tabindex="0" role="group" aria-label="Output"><samp>2 &lt; 3'
        in rendered.html
    )


def test_very_long_code_is_printed_without_colours():
    assert "<span" not in page(f"```python\n{'x = 1' * 2000}\n```")


def test_figure_is_inlined_with_ids_of_its_own(rendered):
    assert (
        '<figure class="figure" id="figure-paging">\n<svg viewBox="0 0 480 100" role="img" class="fig"' in rendered.html
    )
    assert 'marker-end="url(#figure-paging-paging-tip)"' in rendered.html


def test_raster_figure_is_a_picture_with_a_text():
    html = page("::: figure photo.webp A rack of [=window]\n**What you see.** A.\n\n**What to notice.** B.\n:::")
    assert '<img class="raster" src="/figures/photo.webp" alt="A rack of 8,192 tokens" loading="lazy"' in html


@pytest.mark.parametrize(
    ("verdict", "badge"), [("holds", "Holds"), ("needs-context", "Needs context"), ("wrong", "Wrong")]
)
def test_claim_wears_its_verdict(verdict, badge):
    html = page(f"::: claim {verdict} It is *so*\nWhy.\n:::")
    assert f'<section class="block block-claim claim-{verdict}">' in html
    assert f'It is <em>so</em> <span class="verdict">{badge}</span></p>\n<p>Why.</p>' in html


def test_answers_are_folded_under_their_question(rendered):
    assert (
        '<li class="question" id="question-gqa"><p class="question-head"><span class="stars" role="img"'
        in rendered.html
    )
    assert 'aria-label="Difficulty 2 of 3">★★☆</span>' in rendered.html
    assert '<details class="answer"><summary>Answer</summary>\n<p>Since <math>' in rendered.html
    assert 'In numbers: <a class="number number-computed"' in rendered.html
    assert '<ul class="rubric">\n<li><p>says <em>so</em></p>' in rendered.html


def test_questions_without_a_place_stand_at_the_end():
    html = page("text", questions=(Question("q", 1, "Why?", "So."),))
    assert '<h2 id="questions">Questions<a' in html


def test_explorer_goes_in_as_it_is(rendered):
    assert '<section class="explorer" id="explorer-memory"><p>777</p></section>' in rendered.html


def test_contents_list_every_heading_with_its_numbers_printed(rendered):
    assert [tuple(entry) for entry in rendered.toc] == [
        (2, "idea", "The idea of 8,192 tokens", 0),
        (2, "derivation", "Derivation", 0),
        (3, "details", "Details", 0),
        (2, "interview", "Interview", 0),
        (2, "terms", "Terms", 0),
        (2, "numbers", "Numbers", 0),
        (2, "sources", "Sources", 0),
    ]


def minutes(body, **fields):
    toc = render(make_bare(body, **fields), make_material()).toc
    return {entry.anchor: entry.minutes for entry in toc if entry.level == 2}


def test_minutes_go_to_the_sections_by_what_there_is_to_read():
    prose, code, maths = (
        "word " * 60,
        "```python\n" + "x = 1\n" * 20 + "```",
        "$$\n" + "a + b + " * 14 + "a + b + c\n$$",
    )
    text = f"## A {{#a}}\n\n{prose}\n\n### B {{#b}}\n\n{code}\n\n## C {{#c}}\n\n{maths}"
    assert minutes(text, minutes=30) == {"a": 20, "c": 10}


@pytest.mark.parametrize("total", range(1, 12))
def test_minutes_of_the_sections_add_up_to_those_of_the_lesson(total):
    text = "\n\n".join(f"## S {{#s{n}}}\n\n{'word ' * 7}" for n in range(7))
    assert sum(minutes(text, minutes=total).values()) == total


def test_minutes_for_questions_are_counted_where_they_stand():
    asked = {"questions": (Question("q", 1, "word " * 9, "word " * 10, ("word " * 10,)),), "minutes": 30}
    text = f"## A {{#a}}\n\n{'word ' * 29}\n\n## B {{#b}}\n\n{'word ' * 29}"
    assert minutes(text, **asked) == {"a": 10, "b": 10, "questions": 10}
    assert minutes(f"{text}\n\n::: questions\n:::", **asked) == {"a": 10, "b": 20}
    assert minutes(text.replace("## B", "::: check q\n:::\n\n## B"), **asked)["a"] == 15
    assert set(minutes(text).values()) == {0}


def test_uses_name_everything_from_outside(rendered):
    assert rendered.uses.numbers == {
        *("kv-cache:window", "kv-cache:share", "kv-cache:per_token", "kv-cache:value_size", "kv-cache:price"),
        "llama3_70b.layers",
    }
    assert rendered.uses.sources == {"kwon2023", "dao2022", "llama3"}
    assert rendered.uses.lessons == {"attention", "moe"}
    assert rendered.uses.terms == {"prefill"}


def test_citations_say_where_they_stand(rendered):
    assert ("dao2022", "", "", "") in rendered.citations
    assert ("kwon2023", "idea", "The idea of 8,192 tokens", "Section 2.2") in rendered.citations
    assert ("dao2022", "number-price", "H100", "Pricing") in rendered.citations
    assert ("dao2022", "question-gqa", "Interview", "") in rendered.citations


def test_hook_is_rendered_by_itself(rendered):
    assert rendered.hook.startswith('<p>One <a class="number number-assumed" href="#number-window"')


def test_same_lesson_gives_the_same_bytes():
    assert render(make_lesson(), make_material()) == render(make_lesson(), make_material())


def test_body_of_the_sample_uses_every_container():
    assert set(re.findall(r"^:+ ([a-z]+)", BODY, re.MULTILINE)) == {
        *(
            "figure",
            "plot",
            "derivation",
            "table",
            "claim",
            "note",
            "example",
            "pitfall",
            "explorer",
            "check",
            "questions",
        )
    }


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("of $n$, and", ["$,"]),
        ("(of $n$)", ["$)"]),
        ("the ($n$) one", ["($)"]),
        ("the $i$-th and $k$th", ["$-", "$th"]),
        ('says "$n$".', ['"$".']),
        ("$a$,$b$ and $f$($x$)", ["$,", "($)"]),
        ("of $n$ and $m$", []),
    ],
)
def test_signs_stay_on_the_line_of_the_formula_they_belong_to(text, tied):
    html = re.sub(r"<math.*?</math>", "$", page(text))
    assert re.findall(r'<span class="tied">(.*?)</span>', html) == tied
    assert re.sub(r"<.*?>", "", html).split("\n")[0] == re.sub(r"\$.*?\$", "$", text)
