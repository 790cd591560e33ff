"""What a price said over time, and its chart."""

from __future__ import annotations

from datetime import date

import pytest

from modules import content, prices
from modules.ledger import Entry, defects, show
from modules.publishing import Broken
from modules.rendering import clean_svg
from tests.factories import lesson_text, make_file, make_lesson, make_number, make_source

GIVEN = {"source": "doe", "at": "Table 3", "label": "Price"}
GROUP = (
    "groups:\n  - id: api\n    title: An API\n    kind: price\n    source: doe\n    at: List\n    as_of: %s\n"
    "    numbers:\n"
    "      input: {value: 2 USD/Mtoken, earlier: [5 USD/Mtoken on 2026-01-01], label: Input}\n"
    "      output: {value: 8 USD/Mtoken, label: Output}\n"
)


def entry(**fields):
    return Entry(**({"id": "one:price", "label": "Price", "source": "doe", "at": "List"} | fields))


class TestEarlier:
    def test_is_what_it_said_on_earlier_days(self):
        priced = entry(value="2 USD/Mtoken", as_of="2026-05-01", earlier=("5 USD/Mtoken on 2026-01-01",))
        assert defects(priced) == []
        days = [(day.isoformat(), show(value)) for day, value in prices.history(priced)]
        assert days == [("2026-01-01", "$5/million tokens"), ("2026-05-01", "$2/million tokens")]

    @pytest.mark.parametrize(
        ("earlier", "as_of", "message"),
        [
            (("5 USD",), "2026-05-01", "is not of the form"),
            (("5 USD on May",), "2026-05-01", "is not of the form"),
            (("5 USD on 2026-02-31",), "2026-05-01", "is not of the form"),
            (("five on 2026-01-01",), "2026-05-01", "five"),
            (("5 B on 2026-01-01",), "2026-05-01", "do not convert"),
            (("5 USD on 2026-05-01",), "2026-05-01", "not in the order"),
            (("5 USD on 2026-02-01", "6 USD on 2026-01-01"), "2026-05-01", "not in the order"),
        ],
    )
    def test_is_checked(self, earlier, as_of, message):
        (defect,) = defects(entry(value="2 USD", as_of=as_of, earlier=earlier))
        assert message in defect

    def test_needs_a_date_of_today(self):
        (defect,) = defects(entry(value="2 B", earlier=("5 B on 2026-01-01",)))
        assert "not as_of which day" in defect

    @pytest.mark.django_db
    def test_a_file_that_breaks_it_is_refused(self):
        make_source("doe")
        price = make_number("2 USD", **GIVEN, as_of="2026-05-01") | {"earlier": ["5 B on 2026-01-01"]}
        with pytest.raises(Broken, match="do not convert"):
            make_lesson("one", ledger={"price": price})


@pytest.mark.django_db
class TestRecorded:
    @pytest.fixture(autouse=True)
    def _source(self):
        make_source("doe")

    def say(self, value, as_of):
        make_file("modules/one.md", lesson_text("one", ledger={"price": make_number(value, **GIVEN, as_of=as_of)}))

    def days(self):
        found = prices.of_all(content.current().entries)
        return [(day.isoformat(), value.magnitude) for day, value in found.get("one:price", [])]

    @pytest.fixture(autouse=True)
    def _lesson(self, _source):
        make_lesson("one", ledger={"price": make_number("5 USD/Mtoken", **GIVEN, as_of="2026-01-01")})

    def test_one_day_is_no_history(self, client):
        assert self.days() == []
        assert b"<svg" not in client.get("/numbers/one/price/").content.split(b"</header>")[-1]

    def test_each_change_adds_a_day(self):
        self.say("2 USD/Mtoken", "2026-05-01")
        self.say("1 USD/Mtoken", "2026-06-01")
        assert self.days() == [("2026-01-01", 5), ("2026-05-01", 2), ("2026-06-01", 1)]

    def test_a_mistake_about_a_day_is_no_part_of_it(self):
        self.say("2 USD/Mtoken", "2026-05-01")
        self.say("3 USD/Mtoken", "2026-05-01")
        assert self.days() == [("2026-01-01", 5), ("2026-05-01", 3)]

    def test_another_unit_is_converted_and_another_kind_left_out(self):
        self.say("0.002 USD/ktoken", "2026-05-01")
        assert self.days() == [("2026-01-01", pytest.approx(0.005)), ("2026-05-01", 0.002)]
        self.say("2 USD/request", "2026-06-01")
        assert self.days() == []

    def test_it_is_drawn_on_the_numbers_page_with_its_values_as_a_table(self, client):
        self.say("2 USD/Mtoken", "2026-05-01")
        page = client.get("/numbers/one/price/").content.decode()
        assert 'class="f-a-line"' in page
        assert "<td>1 January 2026</td>" in page
        assert "<td>$5/million tokens</td>" in page


@pytest.mark.django_db
class TestReference:
    @pytest.fixture(autouse=True)
    def _group(self, settings):
        settings.SHARED_SECONDS = 0
        make_source("doe")
        make_file("reference.yaml", GROUP % "2026-05-01")

    def test_a_group_draws_the_histories_it_has(self, client):
        page = client.get("/reference/").content.decode()
        assert "An API over time" in page
        assert page.count('class="f-a-line"') == 1

    def test_each_number_says_which_lessons_use_it(self, client):
        assert "no lesson yet" in client.get("/reference/").content.decode()
        make_lesson("one", ledger={"twice": make_number(formula="2 * api.input", unit="USD/Mtoken")})
        row = client.get("/reference/").content.decode().split('id="number-api-input"')[1].split("</tr>")[0]
        assert 'href="/modules/one/"' in row
        assert "1 number" in row

    def test_prices_stand_by_date_the_newest_first(self, client):
        more = "".join(
            f"  - id: {name}\n    title: {name}\n    kind: price\n    source: doe\n    at: List\n    as_of: {day}\n"
            f"    numbers:\n      input: {{value: 1 USD/Mtoken, label: Input}}\n"
            for name, day in (("older", "2026-01-01"), ("newer", "2026-06-01"))
        )
        make_file("reference.yaml", GROUP % "2026-05-01" + more)
        page = client.get("/reference/").content.decode()
        assert page.index("group-newer") < page.index("group-api") < page.index("group-older")

    def test_it_asks_the_same_however_many_there_are(self, client, django_assert_num_queries):
        content.current()
        with django_assert_num_queries(5):  # twice the edition, the groups, the lessons, the changes
            client.get("/reference/")


def test_the_drawing_keeps_the_contract_of_figures():
    priced = entry(value="2 USD/Mtoken", as_of="2026-05-01", earlier=("5 USD/Mtoken on 2026-01-01",))
    days = prices.history(priced)
    drawn = prices.chart([("", days)], title="T", label="Price", prefix="history")
    assert clean_svg(drawn.svg, "x")
    assert drawn.head == ["Seen on", "Price"]
    assert [row[0] for row in drawn.rows] == ["1 January 2026", "1 May 2026"]
    assert days[0][0] == date(2026, 1, 1)
