"""What design reviews have beside their text: shared formulas, failure modes, an exam, a document to take away."""

from __future__ import annotations

import pytest

from modules import content
from modules.files import kind_of
from modules.models import FailureMode, Module, Phase, Quantity
from modules.publishing import Broken, refresh
from tests.factories import lesson_text, make_file, make_lesson
from tests.reviews import BODY, LIKE, MODEL, exam, failure

pytestmark = pytest.mark.django_db


class TestLike:
    def test_the_formula_means_the_numbers_of_whoever_takes_it(self):
        make_lesson("model", ledger=MODEL)
        make_lesson("other", ledger=LIKE)
        numbers = content.current().numbers
        assert str(numbers["model:gpus"].quantity) == "6.0 gpu"
        assert str(numbers["other:gpus"].quantity) == "20.0 gpu"
        assert numbers["other:gpus"].label == "GPUs to have"
        assert "the formula of model:gpus" in Module.objects.get(pk="other").raw

    def test_a_change_of_the_formula_reaches_both(self):
        make_lesson("model", ledger=MODEL)
        make_lesson("other", ledger=LIKE)
        Quantity.objects.filter(module="model", name="gpus").update(formula="2 * rate * work")
        assert set(refresh().rendered) == {"model", "other"}
        assert str(content.Content.read().numbers["other:gpus"].quantity) == "40.0 gpu"

    @pytest.mark.parametrize("like", ["model:nothing", "model:rate", "third:gpus"])
    def test_it_has_to_be_a_number_with_a_formula_of_its_own(self, like):
        make_lesson("model", ledger=MODEL)
        make_lesson("third", ledger=LIKE)
        with pytest.raises(Broken, match=f"is like {like}, which is no number with a formula of its own"):
            make_lesson("other", ledger=LIKE | {"gpus": {"like": like}})

    def test_a_missing_input_is_named(self):
        make_lesson("model", ledger=MODEL)
        with pytest.raises(Broken, match="other:work"):
            make_lesson("other", ledger={name: entry for name, entry in LIKE.items() if name != "work"})


class TestFiles:
    def test_what_was_loaded_is_dumped_byte_for_byte(self):
        make_lesson("one", body=BODY, ledger=MODEL, failures=[failure(cost="gpus")], exam=exam())
        kind, path = kind_of("modules/one.md"), "modules/one.md"
        text = kind.dump(path).decode()
        assert "lever: shed" in text
        assert "brief: There are [=rate]." in text
        make_file(path, text)
        assert kind.dump(path).decode() == text

    def test_what_leaves_the_file_leaves_the_database(self):
        make_lesson("one", body=BODY, ledger=MODEL, failures=[failure()], exam=exam())
        make_file("modules/one.md", lesson_text("one", ledger=MODEL))
        assert not FailureMode.objects.exists()
        assert not Phase.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"failures": [failure(), failure()]}, "given twice"),
            ({"failures": [failure(lever="pray")]}, "lever"),
            ({"failures": [failure(systems=[])]}, "systems"),
            ({"exam": exam(phases=exam()["phases"][1:])}, "an exam has the phases clarify, slo"),
            ({"exam": exam(draws={"rate": {"min": "1 request/s"}})}, "A draw is a number"),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_sentence(self, fields, reason):
        with pytest.raises(ValueError, match=reason):
            make_lesson("one", body=BODY, ledger=MODEL, **fields)


class TestTexts:
    def test_failure_modes_stand_where_the_text_puts_them(self):
        lesson = make_lesson("one", body=BODY, ledger=MODEL, failures=[failure(cost="gpus", detect="Over [=rate].")])
        assert '<li class="failure" id="failure-lost">' in lesson.html
        assert 'href="#number-rate"' in lesson.html
        assert "- **Detect:** Over 3 " in lesson.raw
        apart = FailureMode.objects.get().html["detect"]
        assert 'href="/modules/one/#number-rate"' in apart

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"failures": [failure(detect="After 90 s.")]}, "nothing defends '90'"),
            ({"failures": [failure(cost="nothing")]}, "unknown number 'nothing'"),
            ({"failures": []}, "there are no failure modes"),
            ({"failures": [failure()], "body": "## One {#one}\n\nText.\n"}, "no '::: failures'"),
            ({"failures": [failure()], "exam": exam(brief="A load of 90 s.")}, "nothing defends '90'"),
            ({"failures": [failure()], "exam": exam(draws={"gpus": {"min": "1 gpu", "max": "2 gpu"}})}, "be drawn"),
        ],
    )
    def test_what_is_wrong_stops_the_save(self, fields, reason):
        with pytest.raises(Broken, match=reason):
            make_lesson("one", **{"body": BODY, "ledger": MODEL, **fields})

    def test_a_number_that_is_asked_for_is_computed(self):
        asked = exam()
        asked["phases"][3]["numbers"] = ["rate"]
        with pytest.raises(Broken, match="'rate' is no number that is computed"):
            make_lesson("one", ledger=MODEL, exam=asked)

    def test_an_exam_is_no_part_of_the_page(self):
        lesson = make_lesson("one", ledger=MODEL, exam=exam())
        assert "There are" not in lesson.html + lesson.raw
