"""What-ifs: the author's defaults, a reader's values, and everything a form may send."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from modules import content
from modules.explorers import ExplorerError, View
from modules.explorers.inputs import STEPS
from modules.models import Explorer
from modules.publishing import Broken
from tests.factories import make_lesson, make_number

pytestmark = pytest.mark.django_db

ADDRESS = "/modules/one/explorers/what/"
HTMX = {"hx-request": "true"}
LEDGER = {
    "tokens": make_number("8192 token", label="Tokens"),
    "size": make_number("2 B", label="Size"),
    "count": make_number("3", label="Count"),
    "total": make_number(formula="tokens * size / token * count", unit="KiB", label="Total"),
    "per_gap": make_number(formula="size / (count - 5)", unit="B", label="Per gap"),
}
TOKENS = {"min": "256 token", "max": "131072 token", "scale": "log"}
COUNT = {"min": "1", "max": "9", "step": "2"}


def explorer(**fields):
    """Publish a lesson with one explorer and return it."""
    given = {"title": "What if", "inputs": {"tokens": TOKENS, "count": COUNT}, "outputs": ["total"]} | fields
    make_lesson("one", ledger=LEDGER, explorers={"what": given}, body="## A {#minute}\n\n::: explorer what\n:::\n")
    return Explorer.objects.get()


def view(given=None, **fields):
    row = Explorer.objects.first() or explorer(**fields)
    now = content.current()
    return View.of(row, now.graph, now.entries, given)


def values(made):
    return {item.name: item.value for item in made.inputs}


class TestDefaults:
    def test_inputs_stand_at_their_ledger_numbers(self):
        made = view()
        assert values(made) == {"tokens": 8192, "count": 3}
        assert [output.shown for output in made.outputs] == ["48\xa0KiB"]
        assert made.errors == []

    def test_an_input_is_in_the_unit_of_its_bound(self):
        made = view(inputs={"tokens": {"min": "1 ktoken", "max": "9 ktoken"}})
        assert values(made) == {"tokens": 8.192}
        assert [output.shown for output in made.outputs] == ["48\xa0KiB"]

    def test_markdown_names_defaults_bounds_and_formulas(self):
        text = view().markdown().replace("\xa0", " ")
        assert "| Tokens (`tokens`) | 8,192 tokens | 256 tokens | 131,072 tokens |" in text
        assert "| Total (`total`) | 48 KiB | `tokens * size / token * count` |" in text

    def test_the_page_is_a_form_that_needs_no_script(self):
        html = view().html()
        assert 'method="get"' in html
        assert f'action="{ADDRESS}"' in html
        assert "<button>" in html
        assert html.count('type="range"') == html.count('type="text"') == html.count('type="hidden"') == 2

    def test_every_field_has_a_label(self):
        html = view().html()
        labelled = set(re.findall(r'<label for="([^"]+)"', html))
        assert labelled == set(re.findall(r'type="text"[^>]* id="([^"]+)"', html))

    def test_a_shared_number_can_be_an_input_of_another_lesson(self):
        explorer()
        made = make_lesson(
            "two",
            explorers={"other": {"title": "Other", "inputs": {"one:count": COUNT}, "outputs": ["one:total"]}},
            body="## A {#minute}\n\n::: explorer other\n:::\n",
        )
        assert 'name="one:count"' in made.html
        assert 'id="other-one-count"' in made.html


class TestPlot:
    def test_it_has_a_line_for_each_value_and_a_table(self):
        made = view(plot="total over tokens by size at 2 B, 1 B")
        assert made.plot.svg.count("<path") + made.plot.svg.count("<polyline") >= 2
        assert len(made.plot.rows) > 2
        assert made.plot.head == ["Tokens", "Total, 2\xa0B", "Total, 1\xa0B"]

    def test_it_follows_the_reader(self):
        explorer(plot="total over tokens")
        assert view({"count": "9"}).plot.svg != view().plot.svg


class TestAuthorsMistakes:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"inputs": {"nothing": COUNT}}, "the input 'nothing' is not a ledger number"),
            ({"outputs": ["nothing"]}, "nothing"),
            ({"inputs": {"count": {"min": "9", "max": "1"}}}, "must rise"),
            ({"inputs": {"count": {"min": "0", "max": "9", "scale": "log"}}}, "above 0 on a log scale"),
            ({"inputs": {"count": {"min": "4", "max": "9"}}}, "outside its bounds"),
            ({"inputs": {"count": {"min": "1 B", "max": "9 B"}}}, "explorer 'what'"),
            ({"inputs": {"count": {"min": "1", "max": "9 B"}}}, "explorer 'what'"),
            ({"inputs": {"count": {"min": "one", "max": "9"}}}, "explorer 'what'"),
            ({"inputs": {"count": COUNT | {"step": "0"}}}, "step"),
            ({"inputs": {"count": COUNT | {"step": "-1"}}}, "step"),
            ({"inputs": {"count": COUNT | {"step": "nan"}}}, "explorer 'what'"),
            ({"inputs": {"count": COUNT | {"scale": "cubic"}}}, "scale"),
            ({"plot": "total against tokens"}, "not of the form"),
            ({"plot": "total over size"}, "not an input"),
            ({"plot": "nothing over tokens"}, "nothing"),
            ({"plot": "total over tokens by nothing at 1"}, "nothing"),
            ({"plot": "total over tokens by size at 1 furlong"}, "furlong"),
            ({"plot": "total over tokens by size at 1 token"}, "explorer 'what'"),
            ({"outputs": ["per_gap"], "plot": "per_gap over count"}, "explorer 'what'"),
            ({"lab": "nothing", "outputs": [], "inputs": {"text": {"default": "Hello"}}}, "there is no lab 'nothing'"),
            (
                {"lab": "heads", "outputs": [], "inputs": {"head": {"default": "9", "options": "1.1 | 1.2"}}},
                "The default of 'head' is none of its options",
            ),
        ],
    )
    def test_they_are_named_before_anything_is_published(self, fields, message):
        with pytest.raises((Broken, ValueError), match=message):
            explorer(**fields)

    def test_a_row_that_no_longer_works_raises_one_error(self):
        row = explorer()
        row.outputs = ["nothing"]
        with pytest.raises(ExplorerError, match="'what'"):
            View.of(row, content.current().graph, content.current().entries)


class TestOptions:
    TEXTS = {"text": {"default": "one two"}, "head": {"options": "1.1 | 2.4"}}

    @pytest.fixture(autouse=True)
    def _explorer(self):
        explorer(lab="heads", outputs=[], inputs=self.TEXTS)

    def test_the_first_is_chosen_unless_the_author_says_otherwise(self):
        assert "<option selected>1.1</option><option>2.4</option>" in view().html()

    def test_the_reader_chooses_another(self):
        assert "<option>1.1</option><option selected>2.4</option>" in view({"head": "2.4"}).html()

    @pytest.mark.parametrize("head", ["", "1.2", "<b>"])
    def test_what_is_no_option_is_the_default(self, head):
        assert view({"head": head}).texts[1].value == "1.1"


class TestReadersValues:
    @pytest.fixture(autouse=True)
    def _explorer(self):
        explorer()

    @pytest.mark.parametrize(
        ("given", "tokens"),
        [
            ({"tokens": "1024"}, 1024),
            ({"tokens": " 1,024 "}, 1024),
            ({"tokens": "1024 token"}, 1024),
            ({"tokens": "2 ktoken"}, 2000),
            ({"tokens": "1e4"}, 10_000),
            ({"tokens": "256"}, 256),
            ({"tokens": "131072"}, 131_072),
            ({}, 8192),
            ({"tokens": ""}, 8192),
            ({"tokens.at": "0"}, 256),
            ({"tokens.at": str(STEPS)}, 131_072),
            ({"tokens": "8192", "tokens.was": "8192", "tokens.at": "0"}, 256),
            ({"tokens": "1024", "tokens.was": "8192", "tokens.at": "0"}, 1024),
            ({"tokens": "1024", "tokens.was": "1024"}, 1024),
            ({"tokens": "", "tokens.was": "1024"}, 1024),
        ],
    )
    def test_the_field_the_reader_touched_counts(self, given, tokens):
        made = view(given)
        assert made.errors == []
        assert values(made)["tokens"] == tokens

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            ({"tokens": "255"}, "255 is outside 256\xa0tokens to 131,072\xa0tokens"),
            ({"tokens": "131073"}, "outside"),
            ({"tokens": "-1"}, "outside"),
            ({"tokens": "0"}, "outside"),
            ({"tokens": "many"}, "many"),
            ({"tokens": "1024 B"}, "Tokens"),
            ({"tokens": "1 furlong"}, "furlong"),
            ({"tokens": "nan"}, "Tokens"),
            ({"tokens": "inf"}, "Tokens"),
            ({"tokens": "-inf"}, "Tokens"),
            ({"tokens": "1e999"}, "Tokens"),
            ({"tokens": "9" * 5000}, "Tokens"),
            ({"tokens": "1_000"}, "Tokens"),
            ({"tokens": "١٠٢٤"}, "Tokens"),
            ({"tokens": "0x400"}, "Tokens"),
            ({"tokens": "1024\0"}, "Tokens"),
            ({"tokens": "9**9**9 token"}, "Tokens"),
            ({"tokens": "(1).__class__"}, "Tokens"),
            ({"tokens": "<b>"}, "Tokens"),
        ],
    )
    def test_what_cannot_be_used_keeps_the_default_and_says_why(self, given, reason):
        made = view(given)
        assert values(made) == {"tokens": 8192, "count": 3}
        assert len(made.errors) == 1
        assert reason in made.errors[0]
        assert len(made.errors[0]) < 200

    @pytest.mark.parametrize("position", ["-1", "401", "99999", "1.5", "", "x", "٣", "²", "9" * 5000, "\0"])
    def test_a_slider_that_stands_nowhere_is_at_an_end_or_unmoved(self, position):
        made = view({"tokens.at": position})
        assert made.errors == []
        assert values(made)["tokens"] in (256, 8192, 131_072)

    @pytest.mark.parametrize("was", ["", "x", "nan", "-5", "1e999", "0", "\0", "9" * 5000])
    def test_what_the_page_is_said_to_have_shown_is_not_believed(self, was):
        assert values(view({"tokens.was": was}))["tokens"] == 8192

    def test_nothing_touched_changes_nothing(self):
        item = view().inputs[0]
        form = {"tokens": item.text, "tokens.was": item.text, "tokens.at": str(item.position)}
        assert view(form) == view()

    def test_what_was_computed_is_sent_back_as_it_was(self):
        for position in range(0, STEPS + 1, 7):
            item = view({"tokens.at": str(position)}).inputs[0]
            form = {"tokens": item.text, "tokens.was": item.text, "tokens.at": str(item.position)}
            assert view(form).inputs[0] == item

    def test_a_step_is_kept_by_the_slider(self):
        seen = {values(view({"count.at": str(position)}))["count"] for position in range(0, STEPS + 1, 20)}
        assert seen == {1, 3, 5, 7, 9}

    def test_unknown_fields_are_ignored(self):
        assert view({"size": "4", "x": "y", "tokens.size": "1"}) == view()


def test_a_large_default_is_not_rounded_by_sending_the_form():
    ledger = {"n": make_number("8030261248"), "m": make_number(formula="n + 1")}
    fields = {"title": "What if", "inputs": {"n": {"min": "1", "max": "1e12"}}, "outputs": ["m"]}
    make_lesson("one", ledger=ledger, explorers={"what": fields}, body="## A {#minute}\n\n::: explorer what\n:::\n")
    item = view().inputs[0]
    assert values(view({"n": item.text, "n.was": item.text})) == {"n": 8_030_261_248}


class TestPage:
    @pytest.fixture(autouse=True)
    def _explorer(self):
        explorer(plot="total over tokens")

    def test_a_plain_request_gets_a_whole_page(self, client):
        response = client.get(ADDRESS, {"tokens": "1024"})
        page = response.content.decode()
        assert "<html" in page
        assert "6\xa0KiB" in page
        assert 'value="1024"' in page
        assert 'href="/modules/one/#explorer-what"' in page

    def test_htmx_gets_the_result_alone(self, client):
        page = client.get(ADDRESS, {"tokens": "1024"}, headers=HTMX).content.decode()
        assert "<html" not in page
        assert "<form" not in page
        assert "6\xa0KiB" in page

    def test_it_is_kept_apart_for_both(self, client):
        assert "HX-Request" in client.get(ADDRESS)["Vary"]
        assert client.get(ADDRESS)["Cache-Control"] == "public, max-age=60"

    def test_a_signed_in_readers_page_is_private(self, client, django_user_model):
        client.force_login(django_user_model.objects.create_user("ada"))
        response = client.get(ADDRESS)
        assert "private" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert "HX-Request" in response["Vary"]

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_an_error_is_shown_beside_what_still_holds(self, client, headers):
        response = client.get(ADDRESS, {"tokens": "<b>5</b>"}, headers=headers)
        assert response.status_code == 200
        assert "<b>5" not in response.content.decode()
        assert 'class="error"' in response.content.decode()
        assert "48\xa0KiB" in response.content.decode()

    def test_of_a_key_given_twice_one_counts(self, client):
        assert "6\xa0KiB" in client.get(f"{ADDRESS}?tokens=9&tokens=1024", headers=HTMX).content.decode()

    def test_more_fields_than_any_form_has_are_refused(self, client):
        assert (
            client.get(
                ADDRESS + "?" + "&".join(f"a{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
            ).status_code
            == 400
        )

    @pytest.mark.parametrize(
        "address",
        ["/modules/one/explorers/none/", "/modules/none/explorers/what/", "/modules/one/explorers/what%00/"],
    )
    def test_an_unknown_one_is_not_found(self, client, address):
        assert client.get(address).status_code == 404

    def test_it_is_read_only(self, client):
        assert client.post(ADDRESS).status_code == 405

    def test_it_costs_two_queries(self, client, django_assert_num_queries):
        client.get(ADDRESS)
        with django_assert_num_queries(2):  # the explorer and the edition
            client.get(ADDRESS, headers=HTMX)

    def test_it_follows_a_change_of_the_ledger(self, client):
        assert "48\xa0KiB" in client.get(ADDRESS, headers=HTMX).content.decode()
        ledger = LEDGER | {"size": make_number("4 B", label="Size")}
        given = {"title": "What if", "inputs": {"tokens": TOKENS}, "outputs": ["total"]}
        make_lesson("one", ledger=ledger, explorers={"what": given}, body="## A {#minute}\n\n::: explorer what\n:::\n")
        assert "96\xa0KiB" in client.get(ADDRESS, headers=HTMX).content.decode()


def test_values_for_which_there_is_no_result_say_so(client):
    explorer(outputs=["per_gap"], inputs={"count": {"min": "1", "max": "9"}})
    for headers in ({}, HTMX):
        response = client.get(ADDRESS, {"count": "5"}, headers=headers)
        assert response.status_code == 200
        assert 'class="error"' in response.content.decode()
        assert "per_gap" in response.content.decode()


class TestSensitivity:
    def test_each_output_has_the_elasticity_of_each_input_the_strongest_first(self):
        made = view(outputs=["total", "per_gap"], inputs={"tokens": TOKENS, "count": {"min": "1", "max": "4"}})
        total, per_gap = made.sensitivity
        assert [(bar.label, bar.text) for bar in total.bars] == [("Tokens", "1.00"), ("Count", "1.00")]
        assert [(bar.label, bar.text) for bar in per_gap.bars] == [("Count", "1.50")]
        assert per_gap.still == ("Tokens",)

    def test_it_follows_the_reader(self):
        explorer(outputs=["per_gap"], inputs={"count": {"min": "1", "max": "4"}})
        assert view({"count": "4"}).sensitivity[0].bars[0].text == "4.00"

    def test_what_the_plot_draws_comes_first_and_open(self):
        made = view(outputs=["per_gap", "total"], plot="total over tokens")
        assert [each.name for each in made.sensitivity] == ["total", "per_gap"]
        assert made.html().count('" open>') == 1

    def test_the_page_says_it_in_a_sentence_and_in_a_table(self):
        html = " ".join(view().html().split())
        assert "Total is 1.00-elastic in <em>Tokens</em>, 1.00 in <em>Count</em>" in html
        assert '<th scope="row">Tokens</th>' in html
        assert html.count('<svg class="bar"') == 2

    def test_a_limit_is_told_with_both_sides(self):
        ledger = LEDGER | {"capped": make_number(formula="max(3, count)", label="Capped")}
        given = {"title": "What if", "inputs": {"count": COUNT}, "outputs": ["capped"]}
        make_lesson("one", ledger=ledger, explorers={"what": given}, body="## A {#minute}\n\n::: explorer what\n:::\n")
        html = view().html()
        assert "0.00 down, 1.00 up" in html
        assert "bar-tempered" in html

    def test_an_input_at_zero_has_no_slope_and_says_so(self):
        explorer(inputs={"count": {"min": "0", "max": "9"}})
        made = view({"count": "0"})
        assert made.sensitivity[0].unknown == ("Count",)
        assert "Has no slope here in: Count" in made.html()

    def test_markdown_has_it_as_a_table(self):
        text = view().markdown()
        assert "| output | `tokens` | `count` |\n|---|---|---|\n| `total` | 1.00 | 1.00 |" in text

    def test_where_nothing_follows_there_is_none(self):
        explorer(outputs=["per_gap"], inputs={"count": {"min": "1", "max": "9"}})
        made = view({"count": "5"})
        assert made.sensitivity == ()
        assert "sensitivity" not in made.html()


class TestWayToTheLesson:
    def test_untouched_there_is_none(self):
        assert view().lesson_query == ""
        assert "whole lesson" not in view().html()

    def test_what_was_moved_stands_in_it(self):
        explorer()
        assert view({"count": "9"}).lesson_query == "?set=count:9"
        assert view({"tokens": "1,024", "count": "5"}).lesson_query == "?set=tokens:1024+token,count:5"

    def test_the_answer_offers_it(self, client):
        explorer()
        for headers in ({}, HTMX):
            page = client.get(ADDRESS, {"count": "9"}, headers=headers).content.decode()
            assert 'href="/modules/one/?set=count:9" rel="nofollow"' in page
