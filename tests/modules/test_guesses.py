"""Guessing the numbers of a lesson: one at a time as plain forms, and what the script of the page asks for."""

from __future__ import annotations

import pytest

from modules import content
from tests.factories import REFERENCE, make_file, make_lesson, make_number, make_planned, make_source
from tests.make import make_reader

pytestmark = pytest.mark.django_db

GUESS = "/numbers/one/cache/guess/"
HTMX = {"hx-request": "true"}
LEDGER = {
    "layers": make_number("80", label="Layers"),
    "size": make_number("2 B", label="Size"),
    "cache": make_number(formula="2 * layers * size * chip.cores", unit="KiB", label="KV cache"),
    "unused": make_number("3", label="Unused"),
}


@pytest.fixture(autouse=True)
def notebook():
    content.forget()
    make_source("doe")
    make_file("reference.yaml", REFERENCE)
    make_planned("later")
    make_lesson("none", body="Nothing to guess.")
    make_lesson("one", ledger=LEDGER, body="## A {#minute}\n\n[=chip.cores] in [=cache], [=layers].\n")


def labels(client, address):
    """Follow the links from one number to the next."""
    found = []
    while address:
        page = client.get(address + "&reveal=1")
        found.append(page.context["defended"].number.label)
        after = page.context["turn"].after
        address = after and after.address
    return found


class TestPlainly:
    def test_a_lesson_leads_through_the_numbers_it_prints_in_order(self, client):
        response = client.get("/modules/one/guess/")
        assert response.status_code == 302
        assert labels(client, response["Location"]) == ["Cores", "KV cache", "Layers"]

    def test_the_question_does_not_tell_the_answer(self, client):
        page = client.get(f"{GUESS}?in=one").content.decode()
        assert "Your guess, in KiB" in page
        assert "2.5\xa0KiB" not in page
        assert "layers * size" not in page

    @pytest.mark.parametrize(
        ("guess", "graded", "suspected"),
        [
            ("2.5", "Right.", ""),
            ("2560 B", "Right.", ""),
            ("4", "Within 2×", ""),
            ("20", "Within 10×", "bits for bytes"),
            ("2.56", "Within 2×", "KB for KiB"),
            ("1e6", "Far off", ""),
        ],
    )
    def test_a_guess_is_scored_by_its_ratio_and_the_number_told(self, client, guess, graded, suspected):
        page = client.get(GUESS, {"guess": guess})
        assert page.context["graded"].startswith(graded)
        assert suspected in page.context["suspected"]
        assert "2.5\xa0KiB" in page.content.decode()
        assert f"You said {guess}" in page.content.decode()

    def test_a_shared_number_says_of_what_it_is(self, client):
        assert client.get("/numbers/chip/cores/guess/").context["group"] == "A chip"
        assert client.get(GUESS).context["group"] == ""

    def test_it_can_be_revealed_without_a_guess(self, client):
        page = client.get(GUESS, {"guess": "nonsense", "reveal": "1", "in": "one"})
        assert page.status_code == 200
        assert "2.5\xa0KiB" in page.content.decode()
        assert "graded" not in page.context

    @pytest.mark.parametrize("guess", ["", "many", "3 tokens", "9" * 61, "\0", "<i>"])
    def test_what_is_no_guess_comes_back_with_a_sentence(self, client, guess):
        page = client.get(GUESS, {"guess": guess})
        assert page.status_code == 400
        assert page.context["error"]
        assert page.context["text"] == guess.strip("\0")
        assert "2.5\xa0KiB" not in page.content.decode()
        assert "<i>" not in page.content.decode()

    @pytest.mark.parametrize("address", ["one/nothing", "nothing/cache"])
    def test_what_there_is_not_is_not_found(self, client, address):
        assert client.get(f"/numbers/{address}/guess/").status_code == 404

    @pytest.mark.parametrize("lesson", ["nothing", "later", "none"])
    def test_so_is_a_lesson_without_numbers(self, client, lesson):
        assert client.get(f"/modules/{lesson}/guess/").status_code == 404

    @pytest.mark.parametrize("lesson", ["none", "nothing", "\0", "x" * 300])
    def test_who_comes_from_elsewhere_is_led_nowhere(self, client, lesson):
        assert client.get(GUESS, {"in": lesson}).context["turn"] is None

    def test_only_reading_is_possible(self, client):
        assert client.post(GUESS).status_code == 405

    def test_it_is_not_for_search_engines_and_sets_no_cookie(self, client):
        page = client.get(GUESS)
        assert b"noindex" in page.content
        assert not page.cookies

    def test_a_readers_is_private(self, client):
        client.force_login(make_reader())
        assert "private" in client.get(GUESS)["Cache-Control"]

    def test_queries(self, client, django_assert_max_num_queries):
        client.get(GUESS)
        with django_assert_max_num_queries(3):
            client.get(f"{GUESS}?in=one&guess=3")


class TestInTheLesson:
    def test_the_script_gets_the_verdict_alone(self, client):
        page = client.get(GUESS, {"guess": "20"}, headers=HTMX)
        assert page.content.decode().strip().startswith('<p class="graded is-order">')
        assert "HX-Request" in page["Vary"]

    def test_or_why_there_is_none(self, client):
        page = client.get(GUESS, {"guess": "many"}, headers=HTMX)
        assert page.status_code == 200  # the browser's console would call anything else an error
        assert b'class="error"' in page.content

    def test_the_lesson_is_the_same_for_everyone_and_every_state_of_the_switch(self, client):
        first = client.get("/modules/one/").content
        client.get("/modules/one/guess/")
        assert client.get("/modules/one/").content == first
        assert b"data-masks" in first
        assert b'href="/modules/one/guess/"' in first

    def test_a_number_printed_with_a_prefix_is_asked_for_with_it(self, client):
        make_lesson("two", ledger={"rate": make_number("989e12 FLOP/s", label="Rate")}, body="[=rate]")
        address = "/numbers/two/rate/guess/"
        assert client.get(address).context["unit"] == "TFLOP/s"
        assert client.get(f"{address}?guess=989").context["graded"] == "Right."
