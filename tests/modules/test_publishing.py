"""One change of content: what is refused, what is kept of it, and exactly which pages it makes anew."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from modules import rendering
from modules.files import kind_of
from modules.models import Company, Figure, Focus, Module, Passage, Quantity, Revision, Source, Term
from modules.publishing import Broken, publish, refresh
from tests.factories import (
    SVG,
    lesson_text,
    make_file,
    make_lesson,
    make_number,
    make_planned,
    make_source,
    source_text,
)
from tests.make import make_reader

pytestmark = pytest.mark.django_db

REFERENCE = """groups:
  - id: chip
    title: A chip
    kind: hardware
    source: doe
    at: Table 1
    numbers:
      cores: {value: {cores}, label: Cores}
      clock: {value: 2 GHz, label: Clock}
"""


def body(text):
    return f"## In one minute {{#minute}}\n\n{text}\n"


def numbers(cores="8"):
    """Publish the shared numbers, one of which may change."""
    if not Source.objects.filter(pk="doe").exists():
        make_source("doe")
    make_file("reference.yaml", REFERENCE.replace("{cores}", cores))


def rendered(change):
    """Return the lessons that a change made anew."""
    before = dict(Module.objects.written().values_list("pk", "rendered_from"))
    change()
    after = dict(Module.objects.written().values_list("pk", "rendered_from"))
    return {pk for pk, made_from in after.items() if before.get(pk) != made_from}


def update(model, pk, **fields):
    """Change a row and bring the notebook up to date, as a save in the admin does."""
    model.objects.filter(pk=pk).update(**fields)
    return refresh().rendered


class TestStale:
    """Each way in which one page depends on what is written elsewhere; a bystander depends on none of it."""

    @pytest.fixture(autouse=True)
    def _bystander(self):
        make_lesson("bystander", ledger={"own": make_number("3")}, body=body("It is [=own]."))

    def test_nothing_changed(self):
        numbers()
        assert refresh().rendered == []

    def test_its_place_in_the_list_of_a_company(self):
        one = make_lesson("one")
        for place, pk in enumerate(["acme", "bytes"]):
            company = Company.objects.create(pk=pk, name=pk, position=place)
            Focus.objects.create(company=company, module=one, asked=True, position=place)
        refresh()
        Focus.objects.filter(company="acme").update(position=2)
        assert refresh().rendered == []

    def test_a_shared_number_that_the_text_prints(self):
        numbers()
        make_lesson("prints", body=body("It has [=chip.cores]."))
        assert rendered(lambda: numbers("16")) == {"prints"}
        assert "16" in Module.objects.get(pk="prints").html

    def test_a_shared_number_that_a_formula_reads(self):
        numbers()
        make_lesson("computes", ledger={"twice": make_number(formula="2 * chip.cores")})
        assert rendered(lambda: numbers("16")) == {"computes"}

    def test_a_shared_number_far_behind_a_formula(self):
        numbers()
        make_lesson("first", ledger={"a": make_number(formula="2 * chip.cores")})
        make_lesson("second", ledger={"b": make_number(formula="first:a + 1")})
        make_lesson("third", body=body("It is [=second:b]."))
        assert rendered(lambda: numbers("16")) == {"first", "second", "third"}

    def test_another_number_of_the_group(self):
        numbers()
        make_lesson("prints", body=body("It runs at [=chip.clock]."))
        assert rendered(lambda: numbers("16")) == set()

    def test_another_lessons_number(self):
        make_lesson("owner", ledger={"n": make_number("3")})
        make_lesson("prints", body=body("It is [=owner:n]."))
        assert rendered(lambda: make_lesson("owner", ledger={"n": make_number("4")})) == {"owner", "prints"}

    @pytest.mark.parametrize("fields", [{"label": "Other"}, {"because": "Another reason"}, {"note": "A remark"}])
    def test_how_another_lessons_number_is_defended(self, fields):
        make_lesson("owner", ledger={"n": make_number("3")})
        make_lesson("prints", body=body("It is [=owner:n]."))
        number = Quantity.objects.get(module="owner", name="n")
        assert set(update(Quantity, number.pk, **fields)) == {"owner", "prints"}

    @pytest.mark.parametrize("fields", [{"title": "Another title"}, {"author": "Roe, Richard"}, {"year": 1999}])
    def test_a_source(self, fields):
        make_source("doe")
        make_lesson("cites", body=body("So it is said [@doe]."))
        assert update(Source, "doe", **fields) == ["cites"]

    def test_the_source_of_a_number(self):
        make_source("doe")
        make_lesson("rests", ledger={"n": make_number("3", source="doe", at="Table 1")})
        assert update(Source, "doe", title="Another title") == ["rests"]

    def test_a_source_that_nobody_cites(self):
        make_source("doe")
        assert update(Source, "doe", title="Another title") == []

    def test_the_title_of_a_lesson_linked_to_is_not_the_text_of_the_link(self):
        make_lesson("target")
        make_lesson("links", body=body("See [that](target.md)."))
        update(Module, "target", title="Another title")
        assert "that</a>" in Module.objects.get(pk="links").html

    def test_a_planned_lesson_becomes_written(self):
        make_planned("later")
        make_lesson("links", body=body("See [Later](later.md)."))
        assert "/modules/later/" not in Module.objects.get(pk="links").html
        assert rendered(lambda: make_lesson("later")) == {"later", "links"}
        assert 'href="/modules/later/"' in Module.objects.get(pk="links").html
        assert "/raw/later.md" in Module.objects.get(pk="links").raw

    def test_a_term_that_another_lesson_explains(self):
        make_lesson("explains", terms={"token": "A piece of text."}, body=body("A [token]{.term} is a piece."))
        make_lesson("uses", body=body("Each [token]{.term} costs."))
        moves = lambda: Term.objects.filter(name="token").update(module="bystander") and refresh()  # noqa: E731
        assert rendered(moves) == {"explains", "uses", "bystander"}

    def test_a_picture(self):
        text = "::: figure boxes.svg Boxes\n**What you see.** Boxes. **What to notice.** Corners.\n:::"
        make_lesson("draws", figures={"boxes.svg": SVG}, body=body(text))
        figure = Figure.objects.get()
        assert update(Figure, figure.pk, data=SVG.replace("Boxes", "Redrawn").encode()) == ["draws"]
        assert "Redrawn" in Module.objects.get(pk="draws").html

    def test_the_part(self):
        make_lesson("one")
        part = Module.objects.get(pk="one").part
        part.title = "Another part"
        part.save()
        assert set(refresh().rendered) == {"bystander", "one"}

    def test_an_explorer_over_a_shared_number_that_the_text_does_not_print(self):
        numbers()
        make_lesson(
            "explores",
            ledger={"n": make_number("3"), "m": make_number(formula="n * 2")},
            explorers={
                "what": {
                    "title": "What if",
                    "inputs": {"n": {"min": "1", "max": "9"}, "chip.cores": {"min": "1", "max": "99"}},
                    "outputs": ["m"],
                }
            },
            body=body("::: explorer what\n:::"),
        )
        assert 'value="8"' in Module.objects.get(pk="explores").html
        assert rendered(lambda: numbers("16")) == {"explores"}
        assert 'value="16"' in Module.objects.get(pk="explores").html

    def test_an_explorer_whose_plot_reads_what_its_numbers_do_not_show(self):
        # At the default `limit` is far away, so no value changes with it; the curve does.
        make_lesson(
            "owner",
            ledger={"limit": make_number("50"), "y": make_number(formula="min(x, limit)"), "x": make_number("3")},
        )
        make_lesson(
            "plots",
            explorers={
                "what": {
                    "title": "What if",
                    "inputs": {"owner:x": {"min": "1", "max": "99"}},
                    "outputs": ["owner:y"],
                    "plot": "owner:y over owner:x",
                }
            },
            body=body("::: explorer what\n:::"),
        )
        limit = Quantity.objects.get(module="owner", name="limit")
        assert set(update(Quantity, limit.pk, value="60")) == {"owner", "plots"}

    def test_an_explorer_that_another_lesson_breaks(self):
        make_lesson("owner", ledger={"n": make_number("3"), "m": make_number(formula="n * 2")})
        make_lesson(
            "explores",
            explorers={
                "what": {"title": "What if", "inputs": {"owner:n": {"min": "1", "max": "9"}}, "outputs": ["owner:m"]}
            },
            body=body("::: explorer what\n:::"),
        )
        number = Quantity.objects.get(module="owner", name="n")
        with pytest.raises(Broken, match=r"explores, explorer what: .*outside its bounds"):
            update(Quantity, number.pk, value="11")

    def test_a_newer_renderer(self, monkeypatch):
        make_lesson("one")
        before = Module.objects.get(pk="one").updated_at
        monkeypatch.setattr(rendering, "VERSION", "0")
        assert set(refresh().rendered) == {"bystander", "one"}
        assert Module.objects.get(pk="one").updated_at == before

    def test_another_address_of_the_site(self, settings):
        make_lesson("one")
        settings.SITE_URL = "https://notebook.example"
        assert set(refresh().rendered) == {"bystander", "one"}
        assert "https://notebook.example/modules/one/" in Module.objects.get(pk="one").raw

    def test_what_was_made_anew_is_not_made_again(self):
        numbers()
        make_lesson("prints", body=body("It has [=chip.cores]."))
        numbers("16")
        assert refresh().rendered == []


class TestRevisions:
    def test_the_first_is_added_and_the_next_changed(self):
        make_lesson("one")
        make_lesson("one", title="Renamed")
        assert [revision.kind for revision in Revision.objects.of("modules/one.md")] == ["Changed", "Added"]

    def test_it_says_who_why_and_what(self):
        make_lesson("one")
        editor = make_reader("ada@example.org")
        Module.objects.filter(pk="one").update(title="Renamed")
        publish(["modules/one.md"], author=editor, note="A better name", kind="Fixed")
        revision = Revision.objects.of("modules/one.md")[0]
        assert (revision.author, revision.note, revision.kind) == (editor, "A better name", "Fixed")
        assert "title: Renamed" in revision.text
        assert "title: One" in revision.before().text

    def test_a_save_that_changes_nothing_leaves_none(self):
        make_lesson("one")
        number = Revision.objects.count()
        publish(["modules/one.md"], note="Nothing")
        assert Revision.objects.count() == number
        assert Module.objects.get(pk="one").version == 1

    def test_each_change_is_a_version(self):
        make_lesson("one")
        make_lesson("one", title="Renamed")
        assert Module.objects.get(pk="one").version == 2
        assert "version: 2" in Module.objects.get(pk="one").raw

    def test_a_change_elsewhere_is_an_update_and_no_version(self):
        make_source("doe")
        make_lesson("cites", body=body("So it is said [@doe]."))
        before = Module.objects.get(pk="cites")
        update(Source, "doe", title="Another")
        after = Module.objects.get(pk="cites")
        assert after.version == before.version
        assert after.updated_at > before.updated_at

    def test_what_is_deleted_is_removed(self):
        make_lesson("one", figures={"boxes.svg": SVG})
        publish(["figures/one/boxes.svg"])
        Figure.objects.all().delete()
        publish(["figures/one/boxes.svg"])
        assert Revision.objects.of("figures/one/boxes.svg")[0].kind == "Removed"

    def test_the_edition_grows_with_each(self):
        editions = [Revision.objects.edition()]
        for title in ("One", "Two"):
            make_lesson("one", title=title)
            editions.append(Revision.objects.edition())
        assert editions == sorted(set(editions))


class TestRefused:
    @pytest.fixture(autouse=True)
    def _published(self):
        make_lesson("one")

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"body": body("It is [=nothing].")}, r"one, body, line 3: unknown number 'nothing'"),
            ({"body": body("So it is said [@nobody1999].")}, "unknown source 'nobody1999'"),
            ({"body": body("See [it](nowhere.md).")}, "dead link 'nowhere.md'"),
            ({"body": body("A [word]{.term}.")}, "unknown term 'word'"),
            ({"body": body("$\\nonsense{x}$")}, "is refused"),
            ({"body": body("::: figure none.svg None\n:::")}, "unknown figure 'none.svg'"),
            ({"body": body("It takes 4711 GB.")}, "nothing defends '4711'"),
            ({"hook": "It takes 4711 GB."}, "one, hook.*nothing defends"),
            ({"ledger": {"a": make_number(formula="b"), "b": make_number(formula="a")}}, "one:a: depends on itself"),
            ({"ledger": {"a": make_number("3 USD")}}, "one:a: is a price without as_of"),
            ({"ledger": {"a": make_number(formula="2 B + 3 token")}}, "one:a: "),
            ({"ledger": {"gpu": make_number("3")}}, "'gpu' is a unit"),
            ({"questions": [{"id": "q", "stars": 1, "ask": "?", "answer": "!", "number": "none"}]}, "unknown number"),
        ],
    )
    def test_what_does_not_hold_is_named_and_nothing_changes(self, fields, message):
        before = Module.objects.values().get(pk="one"), Revision.objects.count(), Passage.objects.count()
        with pytest.raises(Broken, match=message):
            make_file_atomically("modules/one.md", lesson_text("one", **fields))
        assert (Module.objects.values().get(pk="one"), Revision.objects.count(), Passage.objects.count()) == before

    def test_everything_that_is_wrong_is_named_at_once(self):
        text = lesson_text("one", hook="It is [=a].", body=body("It is [=b] and [=c], so it is said [@d]."))
        with pytest.raises(Broken) as caught:
            make_file_atomically("modules/one.md", text)
        assert [word in str(caught.value) for word in ("'a'", "'b'", "'c'", "'d'")] == [True] * 4

    def test_a_lesson_that_another_one_breaks_is_named(self):
        make_lesson("owner", ledger={"n": make_number("3")})
        make_lesson("prints", body=body("It is [=owner:n]."))
        with pytest.raises(Broken, match=r"prints, body, line 3: unknown number 'owner:n'"):
            make_file_atomically("modules/owner.md", lesson_text("owner"))
        assert Quantity.objects.filter(module="owner").exists()

    def test_a_place_that_another_lesson_does_not_have_is_named(self):
        text = lesson_text("one", body=body("So.\n\nSee [it](other.md#there)."))
        make_lesson("other")
        with pytest.raises(Broken, match=r"one, body, line 5: dead link 'other\.md#there': other has no place 'there'"):
            make_file_atomically("modules/one.md", text)
        make_lesson("other", body=body("Here.") + "\n## There {#there}\n\nThere.\n")
        make_file("modules/one.md", text)
        assert "/modules/other/#there" in Module.objects.get(pk="one").html

    def test_a_place_that_another_lesson_leads_to_cannot_be_taken_away(self):
        make_lesson("other", ledger={"n": make_number("3")}, body=body("It is [=n]."))
        make_lesson("links", hook="See [it](other.md#number-n).")
        with pytest.raises(Broken, match=r"links, hook, line 1: dead link 'other\.md#number-n'"):
            make_file_atomically("modules/other.md", lesson_text("other"))
        assert Quantity.objects.filter(module="other").exists()

    def test_two_lessons_may_lead_to_each_other_from_the_first_save_on(self):
        make_planned("two")
        kind_of("modules/one.md").load("modules/one.md", lesson_text("one", body=body("[It](two.md#minute).")).encode())
        kind_of("modules/two.md").load("modules/two.md", lesson_text("two", body=body("[It](one.md#minute).")).encode())
        assert set(publish(["modules/one.md", "modules/two.md"]).rendered) == {"one", "two"}

    def test_a_text_that_no_file_can_hold_is_named(self):
        Module.objects.filter(pk="one").update(summary="One\u2028line")
        with pytest.raises(Broken, match=r"modules/one\.md: a text holds the character U\+2028"):
            publish(["modules/one.md"])


def make_file_atomically(path, text):
    """Publish a file as a request does: all of it or, when that fails, none of it."""
    with transaction.atomic():
        make_file(path, text)


class TestPassages:
    def test_a_summary_comes_first_and_then_each_section(self):
        text = "## First {#first}\n\nAlpha.\n\n## Second {#second}\n\nBeta.\n"
        make_lesson("one", summary="About it all", body=text)
        rows = Passage.objects.filter(module="one").values_list("anchor", "heading", "text")
        assert list(rows) == [("", "", "About it all"), ("first", "First", "Alpha."), ("second", "Second", "Beta.")]

    def test_a_new_text_replaces_them(self):
        make_lesson("one", body=body("Alpha."))
        make_lesson("one", body=body("Beta."))
        assert [row.text for row in Passage.objects.filter(module="one")] == ["About one", "Beta."]

    def test_mathematics_is_left_out(self):
        make_lesson("one", body=body("So $\\alpha + \\beta$ it goes."))
        assert "alpha" not in Passage.objects.get(anchor="minute").text

    def test_accents_and_stems_are_folded_in_the_index(self):
        make_lesson("one", body=body("Naïve cafés were caching."))
        with connection.cursor() as cursor:
            cursor.execute("SELECT vector::text FROM modules_passage WHERE anchor = 'minute'")
            vector = cursor.fetchone()[0]
        assert {"'naiv'", "'cafe'", "'cach'"} <= {word.partition(":")[0] for word in vector.split()}


def test_a_bibliography_published_alone_renders_nothing():
    make_lesson("one")
    assert rendered(lambda: make_file("sources.bib", source_text("doe"))) == set()
