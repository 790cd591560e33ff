"""What defend finds in a lesson, where it says it is, and what it makes of code."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from modules import defend, runs
from modules.defend import Running
from modules.models import Module, ProgramFile, Quantity, Revision
from modules.publishing import Broken
from tests.factories import lesson_text, make_file, make_lesson, make_number, make_planned, make_source, source_text

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def run_block(code, output=None, fence="```"):
    recorded = f"\n{fence}output\n{output}\n{fence}\n" if output is not None else ""
    return f"{fence}python run\n{code}\n{fence}\n{recorded}"


def body(*blocks):
    return "\n".join(["## In one minute {#minute}\n\nSome words.\n", *blocks])


def errors(*ids, run=Running.ALL, today=TODAY):
    return defend.examine(today, ids, run=run).all_errors


def found(text, *ids, **options):
    return [error for error in errors(*ids, **options) if text in error]


class TestPrograms:
    """Lessons build a program together, and each runs what others built."""

    def build(self, name, path, code, *blocks):
        return make_lesson(name, body=body(f"```python file {path}\n{code}\n```\n", *blocks))

    def test_code_imports_the_files_of_every_lesson(self):
        self.build("one", "agent/limits.py", "LIMIT = 3")
        self.build("two", "agent/loop.py", "from agent.limits import LIMIT", run_block("from agent.loop import LIMIT"))
        make_lesson("three", body=body(run_block("import agent.loop\nassert agent.loop.LIMIT == 3")))
        assert found("the code") == []

    def test_a_change_in_another_lesson_is_noticed(self):
        self.build("one", "agent/limits.py", "LIMIT = 3")
        self.build("two", "agent/loop.py", "x = 1", run_block("from agent.limits import LIMIT\nassert LIMIT == 3"))
        runs.keep(defend.examine(TODAY).defences, timezone.now())
        make_file("modules/one.md", lesson_text("one", body=body("```python file agent/limits.py\nLIMIT = 4\n```\n")))
        assert len(found("the code fails: AssertionError", "two", run=Running.UNKNOWN)) == 1

    def test_a_file_that_is_not_python_is_named(self):
        self.build("one", "agent/loop.py", "def f(:")
        assert len(found("agent/loop.py is not Python: invalid syntax", "one")) == 1

    def test_no_file_is_built_twice(self):
        self.build("one", "agent/loop.py", "x = 1")
        with pytest.raises(Broken, match=r"two: the file agent/loop\.py is built in one already"):
            self.build("two", "agent/loop.py", "x = 2")
        assert ProgramFile.objects.get().module_id == "one"

    def test_a_file_goes_where_its_lesson_goes(self):
        self.build("one", "agent/loop.py", "x = 1")
        make_file("modules/one.md", lesson_text("one", body=body("```python file agent/turns.py\nx = 2\n```\n")))
        assert list(ProgramFile.objects.values_list("path", "code")) == [("agent/turns.py", "x = 2\n")]


class TestCode:
    def test_what_prints_as_recorded_holds(self):
        make_lesson("one", body=body(run_block("print(6 * 7)", "42")))
        assert found("the code", "one") == []

    @pytest.mark.parametrize("recorded", [None, "41", "42 "[:1]])
    def test_what_prints_something_else_does_not(self, recorded):
        make_lesson("one", body=body(run_block("print(6 * 7)", recorded)))
        (error,) = found("prints something else", "one")
        assert error.startswith("fixtures/modules/one.md:15: ")

    def test_what_fails_is_named_with_its_own_line(self):
        make_lesson("one", body=body(run_block("x = 1\nassert x == 2")))
        (error,) = found("the code fails", "one")
        assert error == "fixtures/modules/one.md:17: the code fails: AssertionError"

    def test_it_may_be_left_unexecuted(self):
        make_lesson("one", body=body(run_block("1 / 0")))
        assert found("the code", "one", run=Running.NONE) == []

    def test_lessons_do_not_share_names(self):
        make_lesson("one", body=body(run_block("x = 1")))
        make_lesson("two", body=body(run_block("print(x)")))
        assert len(found("the code fails: NameError")) == 1


class TestRecord:
    def record(self, text):
        module = make_lesson("one", body=text)
        return defend.record(module)

    def test_it_is_written_below_the_block(self):
        text = body(run_block("print(6 * 7)"), "After.")
        assert self.record(text) == body(run_block("print(6 * 7)", "42"), "After.\n")

    def test_what_was_there_is_replaced(self):
        text = body(run_block("print(6 * 7)", "41\n40\n39"), "After.")
        assert self.record(text) == body(run_block("print(6 * 7)", "42"), "After.\n")

    def test_recording_twice_changes_nothing(self):
        text = self.record(body(run_block("print(1)\nprint(2)"), run_block("print()"), "After."))
        assert self.record(text) == text

    def test_a_block_that_prints_nothing_has_no_output(self):
        assert "output" not in self.record(body(run_block("x = 1", "41"), "After."))

    def test_each_block_gets_its_own(self):
        text = self.record(body(run_block("print('a')"), "Between.", run_block("y = 1"), run_block("print('b')", "x")))
        assert text.index("\na\n") < text.index("Between") < text.index("y = 1") < text.index("\nb\n")
        assert text.count("output") == 2

    def test_a_longer_fence_is_found(self):
        text = self.record(body(run_block("print('a')", fence="````"), run_block("print('b')", fence="~~~~")))
        assert text.count("```output\na\n```") == text.count("```output\nb\n```") == 1

    def test_code_that_is_shown_and_not_run_is_left_alone(self):
        shown = "````text\n```python run\nprint('shown')\n```\n````\n"
        text = self.record(body(shown, run_block("print('run')")))
        assert shown in text
        assert text.count("output") == 1

    def test_a_fence_that_is_printed_does_not_end_the_output(self):
        text = self.record(body(run_block("print('```\\nstill')"), "After."))
        module = make_lesson("one", body=text)
        assert defend.record(module) == text
        assert found("prints something else", "one") == []

    def test_a_block_in_a_container_stays_in_it(self):
        inside = f"::: derivation twice Twice\nIt doubles.\n\n{run_block('assert True; print(1)')}:::\n"
        text = self.record(body(inside, "After."))
        assert text.index("```output") < text.index("\n:::\n") < text.index("After.")

    def test_a_block_in_a_list_stays_in_it(self):
        text = self.record(body("- Like so:\n\n  ```python run\n  print(1)\n  ```\n", "After."))
        assert "  ```\n\n  ```output\n  1\n  ```\n" in text

    def test_a_block_that_fails_records_nothing(self):
        module = make_lesson("one", body=body(run_block("print(1)"), run_block("1 / 0")))
        with pytest.raises(RuntimeError, match=r"one: the block at line 9 fails: ZeroDivisionError"):
            defend.record(module)


class TestWhatALessonContains:
    def test_what_is_missing_is_named(self):
        make_lesson("one")
        text = "\n".join(errors("one"))
        for part in (
            "the sections are minute",
            "0 figures",
            "0 explorers",
            "0 checked derivations",
            "0 ledger numbers",
        ):
            assert part in text
        for part in ("0 questions; a lesson has 4 to 8", "0 numeric questions", "0 sources", "5 words of prose"):
            assert part in text

    def test_a_design_review_has_other_sections(self):
        make_lesson("one")
        Module.objects.get(pk="one").part.__class__.objects.create(id="design-reviews", title="Reviews", position=9)
        Module.objects.filter(pk="one").update(part="design-reviews")
        assert found("they should be brief, slo, eval", "one")

    def test_toys_may_be_few(self):
        make_lesson("one", body=body("[40]{.toy} and [41]{.toy}."))
        assert found("2 of 2 numerals are toys; at most 15% may be", "one")


class TestWhere:
    def test_an_undefended_numeral_is_named_with_file_and_line(self):
        make_lesson("one")
        Module.objects.filter(pk="one").update(body=body("It takes 4711 GB.\n"))
        (error,) = found("nothing defends", "one")
        assert error.startswith("fixtures/modules/one.md:15: nothing defends '4711'")

    @pytest.mark.parametrize(("column", "line"), [("ask", 12), ("answer", 13)])
    def test_so_is_one_in_a_question(self, column, line):
        question = {
            "id": "why",
            "stars": 1,
            "ask": "Why?",
            "answer": "So.",
            "rubric": ["It says so in a way that is far too long for one line"],
        }
        module = make_lesson("one", questions=[question])
        module.questions.update(**{column: "It takes 4711 GB."})
        (error,) = found("nothing defends", "one")
        assert error.startswith(f"fixtures/modules/one.md:{line}: question why")

    def test_so_is_one_in_the_hook(self):
        make_lesson("one")
        Module.objects.filter(pk="one").update(hook="It takes 4711 GB.")
        (error,) = found("nothing defends", "one")
        assert error.startswith("fixtures/modules/one.md:6: hook: ")

    def test_a_broken_number_is_named(self):
        module = make_lesson("one", ledger={"n": make_number("3")})
        module.quantities.update(because="")
        assert found("one:n: says neither its source nor because of what")


class TestAge:
    def test_a_lesson_not_reviewed_for_a_year_is_a_warning(self):
        make_lesson("one", reviewed="2025-11-23")
        assert defend.examine(date(2026, 11, 23), run=Running.NONE).all_warnings == []
        (warning,) = defend.examine(date(2026, 11, 24), run=Running.NONE).all_warnings
        assert warning == "fixtures/modules/one.md: last reviewed 2025-11-23"

    def test_a_price_of_half_a_year_ago_is_a_warning(self):
        price = make_number("3 USD", as_of="2026-05-27")
        make_lesson("one", ledger={"price": price}, reviewed="2026-11-01")
        assert defend.examine(date(2026, 11, 23), run=Running.NONE).all_warnings == []
        (warning,) = defend.examine(date(2026, 11, 24), run=Running.NONE).all_warnings
        assert warning == "one:price: the price is of 2026-05-27"


def test_a_source_that_nobody_cites_is_an_error():
    make_source("doe")
    make_source("roe")
    make_lesson("one", body=body("So it is said [@doe]."))
    assert found("cited by nobody") == ["sources.bib: roe is cited by nobody"]
    assert found("cited by nobody", "one") == []


def test_a_source_that_nobody_opened_has_to_say_how_it_was_read():
    make_lesson("one")
    make_source("roe", opened_on=None)
    make_source("poe", opened_on=None, note="Read in a transcription")
    make_source("doe", opened_on=TODAY)
    (error,) = found("has no urldate")
    assert error.startswith("sources.bib: roe has no urldate")


def test_nothing_is_changed_by_looking(django_assert_num_queries):
    make_lesson("one", body=body(run_block("print(1)", "1")))
    before = list(Module.objects.values()), Revision.objects.count()
    errors()
    assert (list(Module.objects.values()), Revision.objects.count()) == before


class TestCommand:
    def test_it_prints_a_line_for_each_lesson_and_fails(self, capsys):
        make_lesson("one", ledger={"n": make_number("3"), "m": make_number(formula="n")}, body=body("It is [=n]."))
        with pytest.raises(CommandError, match=r"\d+ things do not hold"):
            call_command("defend", verbosity=0)
        out = capsys.readouterr()
        head, row = (line.split() for line in out.out.splitlines()[:2])
        assert dict(zip(head, row, strict=True)) | {"words": "", "|": ""} == dict.fromkeys(head, "0") | {
            "lesson": "one",
            "assumed": "1",
            "computed": "1",
            "ledger": "1",
            "words": "",
            "|": "",
        }
        assert "fixtures/modules/one.md" in out.err

    @pytest.mark.parametrize("name", ["nowhere", "planned"])
    def test_a_lesson_that_there_is_not_is_an_error(self, name):
        make_planned("planned")
        make_lesson("one")
        with pytest.raises(CommandError, match=f"no written lesson {name}"):
            call_command("defend", "one", name)

    def test_recording_leaves_a_revision_and_the_page(self):
        make_lesson("one", body=body(run_block("print(6 * 7)")))
        with pytest.raises(CommandError):  # the lesson is far from complete
            call_command("defend", "one", record=True, verbosity=0)
        assert "42" in Module.objects.get(pk="one").html
        assert Revision.objects.of("modules/one.md")[0].note == "Recorded what the code prints"

    def test_recording_what_fails_changes_nothing(self):
        make_lesson("one", body=body(run_block("print(6 * 7)")))
        make_lesson("two", body=body(run_block("1 / 0")))
        with pytest.raises(CommandError, match="two: the block at line 5 fails"):
            call_command("defend", record=True, verbosity=0)
        assert "42" not in Module.objects.get(pk="one").body

    def test_numbers_of_shared_groups_are_examined_too(self):
        make_file("sources.bib", source_text("doe"))
        make_lesson("one")
        Quantity.objects.create(module_id="one", name="n", value="3 furlong", label="N", because="Of it")
        assert found("unknown unit 'furlong'")
