"""What-if links: a whole lesson, its Markdown, its explorers and its numbers with a reader's values."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modules import content
from modules.models import Module
from modules.rendering import fidelity
from modules.whatif import WhatIfError, suppose, suppose_lesson
from modules.whatif import lessons as whatif_lessons
from tests.factories import REFERENCE, make_file, make_lesson, make_number, make_planned, make_source

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}
LEDGER = {
    "tokens": make_number("8192 token", label="Tokens held"),
    "size": make_number("2 B", label="Size of one"),
    "layers": make_number("80", label="Layers", source="doe", at="Table 2"),
    "share": make_number("90 percent", label="Share"),
    "total": make_number(formula="layers * tokens * size / token", unit="KiB", label="All of it"),
    "root": make_number(formula="sqrt(layers - 20)", label="Root"),
    "alone": make_number("7", label="Alone"),
}
EXPLORER = {
    "title": "How much?",
    "inputs": {
        "tokens": {"min": "256 token", "max": "16384 token", "scale": "log"},
        "chip.cores": {"min": "1", "max": "9"},
    },
    "outputs": ["total", "per_core"],
    "plot": "total over tokens",
}
BODY = """
## The idea of [=layers] layers {#idea}

[=layers] layers of [=tokens] take [=total], which is [=total in MiB to 2]. Alone stands [=alone].

| what | how much |
|---|---|
| total | [=total] |

::: table sizing All of [=tokens]
| what | how much |
|---|---|
| root | [=root] |
:::

::: plot growth Growth of [=total]
`total over tokens from 1024 token to 16384 token, log`

**What you see.** It grows to [=total].

**What to notice.** Nothing.
:::

::: explorer what
:::

## Questions {#interview}

::: questions
:::
"""
QUESTIONS = [
    {
        "id": "sum",
        "stars": 1,
        "ask": "How much are [=layers] layers?",
        "answer": "They are [=total].",
        "number": "total",
    }
]
CHANGE = r"(layers|tokens|total|chip\.cores|share):-?[0-9e.]{1,9}( ?[a-zA-Z%]{0,5})?"


@pytest.fixture
def lesson():
    make_source("doe")
    make_file("reference.yaml", REFERENCE)
    ledger = LEDGER | {"per_core": make_number(formula="total / chip.cores", unit="KiB", label="Of a core")}
    return make_lesson(
        "one",
        hook="It takes [=total].",
        ledger=ledger,
        explorers={"what": EXPLORER},
        questions=QUESTIONS,
        body=BODY,
    )


class Text(HTMLParser):
    """The text of a page without its markup."""

    def __init__(self, page):
        super().__init__()
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.said += " " if tag in ("td", "dd") else ""

    def handle_data(self, data):
        self.said += data


def text(response):
    return " ".join(Text(response.content.decode()).said.replace("\xa0", " ").split())


@pytest.mark.usefixtures("lesson")
class TestLesson:
    def test_all_of_it_follows(self, client):
        page = text(client.get("/modules/one/?set=layers:40"))
        assert "It takes 640 KiB." in page  # the hook
        assert "40 layers of 8,192 tokens take 640 KiB, which is 0.63 MiB." in page
        assert "The idea of 40 layers" in page
        assert "How much are 40 layers?" in page
        assert "They are 640 KiB." in page
        assert "In numbers: 640 KiB" in page
        assert "root 4.47" in page  # the table
        assert "All of it 640 KiB" in page  # the explorer
        assert "take 1,280 KiB" not in page

    def test_the_contents_follow_and_keep_their_minutes(self, client):
        page = client.get("/modules/one/?set=layers:40").content.decode()
        assert re.search(r'<a href="#idea">The idea of 40 layers</a> <span class="minutes">\d+', page)

    def test_plots_follow(self, client):
        def plot(address):
            return re.search(r'id="growth".*?</svg>', client.get(address).content.decode(), re.DOTALL)[0]

        assert plot("/modules/one/?set=layers:40") != plot("/modules/one/")

    def test_the_banner_says_what_was_changed_and_leads_back(self, client):
        response = client.get("/modules/one/?set=layers:40,chip.cores:4,alone:8")
        assert "Layers: 40 (as written 80)" in text(response)
        assert "Cores: 4 (as written 8)" in text(response)
        assert '<a class="what-if-back" href="/modules/one/">' in response.content.decode()
        assert "http://testserver/modules/one/?set=layers:40,chip.cores:4,alone:8" in text(response)

    def test_a_number_that_nothing_here_rests_on_is_said_to_be_one(self, client):
        make_lesson("two", ledger={"other": make_number("3", label="Other")})
        assert "Other: 4 (as written 3) · nothing here rests on it" in text(client.get("/modules/one/?set=two:other:4"))

    def test_changed_numbers_are_marked_and_the_ledger_has_both(self, client):
        page = client.get("/modules/one/?set=layers:40").content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
        assert re.search(r'class="number number-computed is-changed"[^>]*; as written 1,280 KiB">640 KiB</a>', page)
        assert '<td>640 KiB <span class="was">(as written 1,280 KiB)</span></td>' in page
        assert re.search(r'class="number number-assumed" [^>]*>7</a>', page)

    def test_a_changed_number_claims_no_source(self, client):
        page = text(client.get("/modules/one/?set=layers:40"))
        assert "assumed: What if: as written it is 80" in page

    def test_it_counts_what_changed(self, client):
        assert "4 numbers of this lesson are others" in text(client.get("/modules/one/?set=layers:40"))
        assert "1 number of this lesson is another" in text(client.get("/modules/one/?set=alone:8"))
        assert "0 numbers of this lesson are others" in text(client.get("/modules/one/?set=layers:80"))

    def test_values_take_units(self, client):
        for value in ("4096", "4,096+tokens", "4.096+ktoken", "4096+token"):
            assert "640 KiB" in text(client.get(f"/modules/one/?set=tokens:{value}")), value

    def test_a_computed_number_can_be_set_and_then_rests_on_nothing(self, client):
        page = text(client.get("/modules/one/?set=total:1+MiB"))
        assert "take 1 MiB" in page
        assert "All of it: 1 MiB (as written 1,280 KiB)" in page

    def test_links_to_numbers_keep_the_what_if(self, client):
        page = client.get("/modules/one/?set=layers:40").content.decode()
        assert 'href="/numbers/one/total/?set=one:layers:40"' in page
        assert 'href="/raw/one.md?set=layers:40"' in page

    def test_its_explorer_stands_at_the_values_and_takes_them_along(self, client):
        page = client.get("/modules/one/?set=layers:40,tokens:4096").content.decode()
        assert re.search(r'name="tokens" value="4096"', page)
        assert '<input type="hidden" name="set" value="layers:40,tokens:4096 token">' in page

    def test_a_value_outside_an_explorer_widens_it(self, client):
        response = client.get("/modules/one/?set=tokens:1,000,000")
        assert response.status_code == 200
        assert "as a slider from 256 tokens to 1,000,000 tokens" in response.content.decode().replace("\xa0", " ")

    def test_the_page_as_written_is_as_it_was(self, client):
        before = client.get("/modules/one/").content
        client.get("/modules/one/?set=layers:40")
        assert client.get("/modules/one/").content == before
        assert content.current().graph.values["one:layers"].magnitude == 80

    def test_nothing_supposed_gives_what_is_written(self):
        row = Module.objects.get(pk="one")
        draft = suppose_lesson("one", "").draft
        assert (draft.html, draft.hook, draft.raw) == (row.html, row.hook_html, row.raw)
        assert [list(entry) for entry in suppose_lesson("one", "").toc] == row.toc

    def test_the_parsed_texts_serve_many_readers(self):
        first, again = (suppose_lesson("one", "layers:40").draft for _ in range(2))
        assert first.texts is again.texts
        assert (first.raw, first.html) == (again.raw, again.html)

    def test_a_changed_lesson_is_read_again(self, client):
        client.get("/modules/one/?set=layers:40")
        make_lesson("one", ledger={"layers": make_number("80", label="Layers")}, body="## A {#a}\n\nNow [=layers].\n")
        assert "Now 40." in text(client.get("/modules/one/?set=layers:40"))

    def test_few_lessons_are_kept_parsed(self, monkeypatch):
        monkeypatch.setattr(whatif_lessons, "LIMIT_LESSONS", 2)
        for name in ("two", "three", "four"):
            make_lesson(name)
        for name in ("one", "two", "three", "four"):
            suppose_lesson(name, "")
        assert list(whatif_lessons._kept[1]) == ["three", "four"]

    def test_it_has_no_progress_to_mark(self, client):
        assert "Mark as completed" not in text(client.get("/modules/one/?set=layers:40"))

    def test_it_costs_a_constant_number_of_queries(self, client, django_assert_num_queries):
        client.get("/modules/one/?set=layers:40")
        with django_assert_num_queries(2):  # the lesson with its neighbours, and the edition
            client.get("/modules/one/?set=layers:41,tokens:4096")


@pytest.mark.usefixtures("lesson")
class TestCaches:
    ADDRESSES = (
        "/modules/one/?set=layers:40",
        "/modules/one/?set=layers:many",
        "/modules/one/?set[layers]=40",
        "/raw/one.md?set=layers:40",
        "/raw/one.md?set=layers:many",
        "/modules/one/explorers/what/?set=layers:40&tokens=1024",
        "/numbers/one/total/?set=layers:40",
        "/numbers/one/total.json?set=layers:40",
        "/numbers/one/total.json?set=layers:many",
    )

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_no_cache_shares_it_and_no_robot_keeps_it(self, client, address):
        response = client.get(address)
        assert "private" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert "ETag" not in response
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies

    @pytest.mark.parametrize("address", ["/modules/one/", "/numbers/one/total/"])
    def test_the_page_says_so_itself_and_names_the_written_one(self, client, address):
        page = client.get(f"{address}?set=layers:40").content.decode()
        assert '<meta name="robots" content="noindex">' in page
        assert f'<link rel="canonical" href="{address}">' in page
        assert "noindex" not in client.get(address).content.decode()

    def test_a_signed_in_readers_is_private_too(self, client, django_user_model):
        client.force_login(django_user_model.objects.create_user("ada"))
        response = client.get("/modules/one/?set=layers:40")
        assert "private" in response["Cache-Control"]
        assert "640\xa0KiB" in response.content.decode()


@pytest.mark.usefixtures("lesson")
class TestRefusal:
    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("layers:many", "This what-if cannot be read: layers: 'many' is not a number"),
            ("layer:40", "no number 'layer': did you mean layers?"),
            ("layers:40 B", "layers: 40 B is in B, which does not convert"),
            ("layers", "'layers' is not a number and its value"),
            ("layers:40,layers:41", "given twice"),
            ("layers:10", "Nothing follows from these values. Root: sqrt of -10 does not exist."),
            ("chip.cores:0", "Nothing follows from these values. Of a core: divides"),
            ("tokens:0", "bounds of 'tokens' must rise, and be above 0"),
            ("<script>alert(1)</script>:4", "no number '<script>alert(1)</script>'"),
            (",".join(["layers:40"] * 200), "at most 1,500 characters"),
        ],
    )
    def test_it_says_why_and_leaves_the_lesson_as_written(self, client, asked, said):
        response = client.get("/modules/one/", {"set": asked})
        assert response.status_code == 400
        assert said in text(response)
        assert "80 layers of 8,192 tokens take 1,280 KiB" in text(response)
        assert "<script>alert" not in response.content.decode()

    def test_what_was_asked_can_be_mended(self, client):
        page = client.get("/modules/one/", {"set": 'layers:"40'}).content.decode()
        assert '<input id="what-if-text" name="set" value="layers:&quot;40"' in page

    def test_raw_markdown_says_it_first(self, client):
        response = client.get("/raw/one.md", {"set": "layers:many"})
        assert response.status_code == 400
        assert response.content.decode().startswith("> **This what-if cannot be read: layers: 'many' is not a number")
        assert response.content.decode().endswith(Module.objects.get(pk="one").raw)

    def test_programs_get_no_number(self, client):
        response = client.get("/numbers/one/total.json", {"set": "layers:many"})
        assert response.status_code == 400
        assert "cannot be read" in response.json()["error"]
        assert list(response.json()) == ["error"]

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_an_explorer_says_it_beside_what_is_written(self, client, headers):
        response = client.get("/modules/one/explorers/what/", {"set": "layers:many"}, headers=headers)
        assert response.status_code == 400
        assert "cannot be read" in text(response)
        assert "1,280 KiB" in text(response)

    def test_what_fails_elsewhere_does_not_matter_here(self, client):
        make_lesson("two", ledger={"inverse": make_number(formula="1 / (one:layers - 40)", label="Inverse")})
        assert client.get("/modules/one/?set=layers:40").status_code == 200
        assert client.get("/numbers/two/inverse/?set=one:layers:40").status_code == 400

    @pytest.mark.parametrize(
        "address", ["/modules/none/", "/raw/none.md", "/numbers/one/none/", "/numbers/one/none.json"]
    )
    def test_what_is_not_there_is_not_found(self, client, address):
        assert client.get(f"{address}?set=layers:40").status_code == 404

    def test_a_planned_lesson_is_planned(self, client):
        make_planned("later")
        for address in ("/modules/later/", "/raw/later.md"):
            assert client.get(f"{address}?set=one:layers:40").status_code == 404

    def test_more_fields_than_a_what_if_has_changes_are_refused(self, client):
        query = "&".join(f"set[a{n}]=1" for n in range(30))
        response = client.get(f"/modules/one/?{query}", follow=True)
        assert response.status_code == 400
        assert "changes at most 20 numbers, not 30" in text(response)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=80) | st.from_regex(CHANGE, fullmatch=True))
    def test_anything_is_supposed_or_refused(self, asked):
        with suppress(WhatIfError):
            draft = suppose_lesson("one", asked).draft
            assert draft.html
            assert draft.raw


@pytest.mark.usefixtures("lesson")
class TestMarkdown:
    def test_it_follows_and_says_what_is_supposed(self, client):
        response = client.get("/raw/one.md?set=layers:40")
        raw = response.content.decode().replace("\xa0", " ")
        assert response["Content-Type"] == "text/markdown; charset=utf-8"
        assert "what_if: layers:40\n" in raw
        assert "> **What if:** Layers (`layers`) 40, as written 80." in raw
        assert "40 layers of 8,192 tokens take 640 KiB" in raw
        assert "| 640 KiB (as written 1,280 KiB) | computed" in raw
        assert "](/numbers/one/total/?set=one:layers:40)" in raw
        assert "| All of it (`total`) | 640 KiB |" in raw

    def test_it_says_what_the_page_says(self):
        draft = suppose_lesson("one", "layers:40,tokens:1024").draft
        raw = re.sub(r"(?m)^> \*\*What if.*\n\n", "", draft.raw)
        assert fidelity.compare(draft.hook + draft.html, raw) == []


@pytest.mark.usefixtures("lesson")
class TestExplorer:
    ADDRESS = "/modules/one/explorers/what/"

    def test_it_holds_what_else_is_supposed(self, client):
        for headers in ({}, HTMX):
            page = text(client.get(f"{self.ADDRESS}?set=layers:40&tokens=1024", headers=headers))
            assert "All of it 80 KiB" in page

    def test_its_way_to_the_lesson_takes_everything_along(self, client):
        page = client.get(f"{self.ADDRESS}?set=layers:40&tokens=1024").content.decode()
        assert 'href="/modules/one/?set=layers:40,tokens:1024+token" rel="nofollow"' in page
        assert 'href="/modules/one/?set=layers:40#explorer-what"' in page  # back

    def test_untouched_it_offers_no_other_lesson(self, client):
        assert "whole lesson" not in text(client.get(f"{self.ADDRESS}?set=layers:40"))


@pytest.mark.usefixtures("lesson")
class TestNumber:
    def test_its_page_follows(self, client):
        page = text(client.get("/numbers/one/total/?set=layers:40"))
        assert "640 KiB (as written 1,280 KiB)" in page
        assert "Layers: 40 (as written 80)" in page
        assert "What if: as written it is 80" in page

    def test_what_rests_on_it_and_where_it_stands_keep_the_what_if(self, client):
        page = client.get("/numbers/one/total/?set=layers:40").content.decode()
        assert 'href="/numbers/one/per_core/?set=one:layers:40"' in page
        assert 'href="/modules/one/?set=one:layers:40"' in page
        assert client.get("/modules/one/?set=one:layers:40").status_code == 200

    def test_its_json_follows(self, client):
        found = client.get("/numbers/one/total.json?set=layers:40").json()
        assert found["magnitude"] == 640
        assert found["as_written"] == "1,280\xa0KiB"
        assert found["what_if"] == "one:layers:40"
        assert found["url"].endswith("/numbers/one/total/?set=one:layers:40")

    def test_as_written_the_json_says_nothing_of_it(self, client):
        assert client.get("/numbers/one/total.json").json().keys().isdisjoint({"what_if", "as_written"})

    def test_a_shared_number_follows(self, client):
        assert "4 (as written 8)" in text(client.get("/numbers/chip/cores/?set=chip.cores:4"))

    def test_a_bare_name_on_the_page_of_a_shared_number_is_nobodys(self, client):
        assert client.get("/numbers/chip/cores/?set=layers:4").status_code == 400

    def test_its_form_leads_to_what_follows(self, client):
        page = client.get("/numbers/one/layers/").content.decode()
        assert '<input id="what-if-value" name="set[one:layers]" value="80"' in page
        assert 'formaction="/modules/one/"' in page
        for address in ("/numbers/one/layers/", "/modules/one/"):
            response = client.get(address, {"set[one:layers]": "40"})
            assert response["Location"] == f"{address}?set=one:layers:40"
            assert client.get(response["Location"]).status_code == 200


@pytest.mark.usefixtures("lesson")
class TestForm:
    def test_its_fields_become_one_address(self, client):
        response = client.get("/modules/one/", {"set[layers]": "40", "set[tokens]": "4,096\xa0tokens"})
        assert response.status_code == 302
        assert response["Location"] == "/modules/one/?set=layers:40,tokens:4,096%C2%A0tokens"
        assert "320 KiB" in text(client.get(response["Location"]))

    def test_an_emptied_field_is_given_up(self, client):
        assert client.get("/modules/one/?set[layers]=&set[tokens]=1")["Location"] == "/modules/one/?set=tokens:1"
        assert client.get("/modules/one/?set[layers]=")["Location"] == "/modules/one/"

    def test_the_banner_has_the_values_to_change(self, client):
        page = client.get("/modules/one/?set=layers:40,chip.cores:4").content.decode()
        assert 'name="set[layers]" value="40"' in page
        assert 'name="set[chip.cores]" value="4"' in page

    def test_an_empty_what_if_is_none(self, client):
        assert client.get("/modules/one/?set=").status_code == 200
        assert "What if" not in text(client.get("/modules/one/?set=+"))


def test_no_input_of_an_explorer_may_take_the_name_of_what_ifs():
    ledger = {"set": make_number("3", label="Set"), "twice": make_number(formula="2 * set", label="Twice")}
    given = {"title": "What", "inputs": {"set": {"min": "1", "max": "9"}}, "outputs": ["twice"]}
    with pytest.raises(ValueError, match="no input may be called 'set'"):
        make_lesson("one", ledger=ledger, explorers={"what": given}, body="## A {#a}\n\n::: explorer what\n:::\n")


@pytest.mark.usefixtures("lesson")
def test_content_that_is_supposed_is_the_written_one_but_for_the_numbers():
    written = content.current()
    supposed = suppose(written, "layers:40", "one")
    assert supposed.sources is written.sources
    assert supposed.numbers.keys() == written.numbers.keys()
    assert supposed.query == "?set=one:layers:40"
    assert (written.query, written.what_if) == ("", "")
