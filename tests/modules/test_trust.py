"""The trust page: every figure is counted, and nothing is claimed of a text on which nothing was run."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from modules import content, running, shared, trust
from modules.defend import Running, examine
from modules.models import CodeRun, Module, Report, Revision, Source
from tests.factories import REFERENCE, lesson_text, make_file, make_lesson, make_number, make_source

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)
LEDGER = {
    "size": make_number("2 B", label="Size"),
    "count": make_number("3", source="doe", at="Table 2", label="Count"),
    "price": make_number("2 USD/Mtoken", source="doe", at="Table 3", as_of="2026-10-29", label="Price"),
    "total": make_number(formula="count * size", unit="B", label="Total"),
}
RUN = """## In one minute {#minute}

It is [=total].

::: derivation sum A sum
```python run
assert 1 + 1 == %s
print(2)
```

```output
2
```
:::
"""


@pytest.fixture(autouse=True)
def lesson():
    make_source("doe", opened_on=date(2026, 11, 1))
    make_source("roe", kind="online")
    make_file("reference.yaml", REFERENCE)
    return make_lesson("one", ledger=LEDGER, body=RUN % "2")


def read(today=TODAY):
    return trust.read(content.current(), today)


def defend(*ids):
    """Run the check, whatever it makes of so short a lesson."""
    with pytest.raises(CommandError, match="do not hold"):
        call_command("defend", *ids, stdout=StringIO(), stderr=StringIO(), verbosity=0)


def make_report(about="one", days=None, **fields):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    if days is not None:
        fields |= {"state": "answered", "revision": Revision.objects.first(), "closed_at": at + timedelta(days=days)}
    return Report.objects.create(about=about, title="One", address="/modules/one/", text="It is four.", at=at, **fields)


class TestNumbers:
    def test_they_are_counted_by_kind_with_those_that_lessons_share(self):
        assert read().kinds == {"cited": 3, "assumed": 1, "computed": 1}
        assert read().lessons[0].kinds == {"cited": 2, "assumed": 1, "computed": 1}

    def test_all_that_is_published_is_defended(self):
        assert (read().defended, read().undefended, read().broken) == ("100%", 0, {})

    def test_what_holds_up_the_numerals_of_the_text_is_counted_when_a_lesson_is_rendered(self):
        assert read().numerals == {"ledger": 1, "maths": 5}
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=RUN % "2" + "\nAnd [=size] of [=count].\n"))
        assert read().numerals["ledger"] == 3

    def test_what_nothing_defends_is_said_where_it_is(self, client):
        tally = Module.objects.get(pk="one").tally
        Module.objects.filter(pk="one").update(tally=tally | {"undefended": 2})
        assert read().lessons[0].defended != "100%"
        page = client.get("/trust/").content.decode()
        assert "2 numerals in One" in page
        assert "100%" not in re.sub(r"<table.*?</table>", "", page, flags=re.DOTALL)

    def test_so_is_a_number_that_is_broken(self, client):
        Module.objects.get(pk="one").quantities.filter(name="total").update(formula="count * nothing")
        content.forget()
        assert list(read().broken) == ["one:total"]
        assert "unknown name" in client.get("/trust/").content.decode()

    @given(st.integers(0, 10**6), st.integers(1, 10**6))
    def test_what_is_not_all_is_never_100_percent(self, part, rest):
        assert trust.percent(part, part + rest) != "100%"

    def test_nothing_at_all_is_all_of_nothing(self):
        assert trust.percent(0, 0) == "100%"


class TestDerivations:
    def test_none_counts_before_its_code_was_run(self, client):
        assert (read().checked, read().derivations) == (0, 1)
        assert "its code is not known to have been run" in client.get("/trust/").content.decode()

    def test_defend_notes_what_holds_and_when(self):
        defend()
        run = CodeRun.objects.get()
        assert (run.passed, run.trouble, run.since) == (["sum"], "", timezone.localdate())
        assert read().checked == 1
        assert read().ran_at == run.ran_at

    def test_other_code_is_another_text(self, client):
        defend()
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=RUN % "1 + 1"))
        assert read().checked == 0
        assert "its code has changed since it was run" in client.get("/trust/").content.decode()

    def test_so_is_another_recorded_output(self):
        defend()
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=(RUN % "2").replace("\n2\n", "\n3\n")))
        assert read().checked == 0

    def test_other_prose_is_not(self):
        defend()
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=RUN % "2" + "\nMore words.\n"))
        assert read().checked == 1

    def test_what_fails_is_noted_with_what_is_wrong(self, client):
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=RUN % "3"))
        defend()
        assert CodeRun.objects.get().passed == []
        assert "the code fails: AssertionError" in client.get("/trust/").content.decode()

    def test_defend_warns_of_code_of_which_nothing_is_known(self):
        warning = "fixtures/runs/one.yaml: what comes of this code is not kept yet; {}"
        assert warning.format("run it, then dump") in examine(TODAY, run=Running.NONE).all_warnings
        assert warning.format("dump it") in examine(TODAY).all_warnings
        defend()
        assert "fixtures/runs" not in "".join(examine(TODAY, run=Running.NONE).all_warnings)

    def test_code_that_is_known_to_hold_need_not_run_again(self, monkeypatch):
        defend()
        monkeypatch.setattr(running, "run", lambda blocks, files: [running.Result("", "it ran")])
        assert "it ran" not in "".join(examine(TODAY, run=Running.UNKNOWN).all_errors)
        assert "it ran" in "".join(examine(TODAY).all_errors)
        CodeRun.objects.update(trouble="It failed.")
        assert "it ran" in "".join(examine(TODAY, run=Running.UNKNOWN).all_errors)

    def test_other_code_has_to(self, monkeypatch):
        defend()
        make_file("modules/one.md", lesson_text("one", ledger=LEDGER, body=RUN % "1 + 1"))
        monkeypatch.setattr(running, "run", lambda blocks, files: [running.Result("", "it ran")])
        assert "it ran" in "".join(examine(TODAY, run=Running.UNKNOWN).all_errors)

    def test_what_was_not_run_is_not_noted(self):
        call_command_quietly("defend", run=Running.NONE)
        assert not CodeRun.objects.exists()

    def test_the_same_result_keeps_its_first_day(self):
        defend()
        CodeRun.objects.update(since=date(2026, 1, 1))
        defend()
        assert CodeRun.objects.get().since == date(2026, 1, 1)

    def test_another_result_is_of_today(self):
        defend()
        CodeRun.objects.update(since=date(2026, 1, 1), passed=[])
        defend()
        assert CodeRun.objects.get().since == timezone.localdate()


def call_command_quietly(*arguments, **options):
    with pytest.raises(CommandError):
        call_command(*arguments, stdout=StringIO(), stderr=StringIO(), verbosity=0, **options)


class TestSourcesPricesAndReports:
    def test_sources_by_type_and_how_many_were_opened(self):
        rows = {row.kind: (row.total, row.opened, row.oldest) for row in read().sources}
        assert rows == {Source.Kind.ARTICLE: (1, 1, date(2026, 11, 1)), Source.Kind.ONLINE: (1, 0, None)}
        assert (read().source_count, read().opened_count) == (2, 1)

    def test_the_age_of_prices(self):
        prices = read().prices
        assert (prices.total, prices.median_days, prices.stale, prices.oldest) == (1, 30, 0, "2026-10-29")
        assert read(date(2027, 11, 28)).prices.stale == 1
        assert read().lessons[0].oldest_price == "2026-10-29"

    def test_reports_are_counted_by_state_and_by_lesson(self, client):
        for about in ("one", "one#minute", "one:count", "chip.cores"):
            make_report(about)
        make_report(state="declined", answer="No.", closed_at=timezone.now())
        assert read().reports == {"open": 4, "declined": 1}
        assert read().lessons[0].open_reports == 3
        assert "how long it takes is not known" in client.get("/trust/").content.decode()

    def test_the_time_to_a_correction_is_a_median(self, client):
        for days in (1, 2, 30):
            make_report(days=days)
        assert read().days_to_fix == 2
        assert "<strong>2 days</strong>" in client.get("/trust/").content.decode()


class TestThePage:
    def test_it_is_the_same_for_everyone_and_linked_from_every_page(self, client):
        response = client.get("/trust/")
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        assert b'href="/trust/"' in client.get("/modules/one/").content

    @pytest.mark.parametrize("what", ["report", "run", "content"])
    def test_readers_without_a_session_see_a_change_at_once(self, client, settings, what):
        settings.SHARED_SECONDS = 0
        before = client.get("/trust/").content
        assert client.get("/trust/").content == before
        if what == "report":
            make_report()
        elif what == "run":
            defend()
        else:
            make_file("modules/one.md", lesson_text("one", ledger={"size": LEDGER["size"]}))
        assert client.get("/trust/").content != before

    def test_it_asks_the_same_however_many_lessons_there_are(self, client, django_assert_num_queries):
        client.get("/trust/")
        shared.forget()
        with django_assert_num_queries(12) as few:
            client.get("/trust/")
        for number in range(5):
            make_lesson(f"more-{number}", ledger=LEDGER)
            make_report(f"more-{number}")
        defend()
        content.current()
        shared.forget()
        with django_assert_num_queries(len(few)):
            client.get("/trust/")

    def test_it_takes_no_other_method(self, client):
        assert client.post("/trust/").status_code == 405

    def test_a_notebook_without_lessons_has_one_too(self, client):
        Module.objects.all().delete()
        content.forget()
        assert client.get("/trust/").status_code == 200
