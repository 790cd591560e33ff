"""Files into the database and back: all or nothing, and never over somebody's edit."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from modules.files import FileError, kind_of
from modules.files.sync import EditedOnDisk, dump, load
from modules.models import Company, Figure, LoadedFile, Module, Part, Revision, Source, Term
from modules.publishing import Broken, publish
from paths.models import LearningPath
from tests.factories import (
    COMPANIES,
    PATHS,
    SVG,
    catalogue_text,
    lesson_text,
    make_number,
    source_text,
    write_files,
    write_notebook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.FIXTURES_DIR = tmp_path
    return write_notebook(tmp_path)


def texts(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def edit(**fields):
    """Change the written lesson as an editor would."""
    Module.objects.filter(pk="one").update(**fields)
    publish(["modules/one.md"])


class TestLoad:
    def test_it_brings_every_kind_of_file(self, root):
        report = load(root)
        assert (report.seen, len(report.loaded), report.kept, report.rendered) == (7, 7, [], ["one"])
        assert Module.objects.written().get().pk == "one"
        assert Module.objects.count() == 3
        assert [Source.objects.get().pk, Company.objects.get().pk, LearningPath.objects.get().pk] == [
            "doe",
            "acme",
            "way",
        ]
        assert Figure.objects.get().name == "boxes.svg"

    def test_the_second_time_nothing_happens(self, root):
        load(root)
        before = Revision.objects.count(), Module.objects.get(pk="one").rendered_from
        report = load(root)
        assert (report.loaded, report.kept, report.rendered) == ([], [], [])
        assert (Revision.objects.count(), Module.objects.get(pk="one").rendered_from) == before

    def test_a_first_load_is_one_version_of_a_lesson(self, root):
        load(root)
        assert Module.objects.get(pk="one").version == 1

    def test_a_file_changed_on_disk_is_loaded_again(self, root):
        load(root)
        write_files(root, {"modules/one.md": lesson_text("one", title="Number one")})
        assert load(root).loaded == ["modules/one.md"]
        assert Module.objects.get(pk="one").title == "Number one"

    def test_the_catalogue_may_change_after_its_lessons_were_loaded(self, root):
        load(root)
        write_files(root, {"catalogue.yaml": catalogue_text("one", "two", "three", "four", written=("one",))})
        report = load(root)
        assert (report.loaded, report.kept) == (["catalogue.yaml"], [])
        assert Module.objects.filter(pk="four").exists()

    def test_the_order_of_the_catalogue_may_change_under_lessons(self, root):
        write_files(root, {"modules/one.md": lesson_text("one", requires=["two", "three"])})
        write_files(root, {"sources.bib": source_text("doe")})
        load(root)
        write_files(root, {"catalogue.yaml": catalogue_text("three", "two", "one", written=("one",))})
        report = load(root)
        assert report.kept == []
        write_files(root, {"modules/one.md": lesson_text("one", title="Newer", requires=["three", "two"])})
        assert load(root).kept == []

    def test_a_lesson_becomes_written_alone(self, root):
        load(root)
        write_files(root, {"modules/two.md": lesson_text("two")})
        assert load(root, only=["two"]).loaded == ["modules/two.md"]
        write_files(root, {"catalogue.yaml": catalogue_text("two", "one", "three", written=("one", "two"))})
        assert load(root).kept == []

    def test_windows_line_ends_are_read(self, root):
        write_files(root, {"modules/one.md": lesson_text("one").replace("\n", "\r\n")})
        load(root)
        assert "\r" not in Module.objects.get(pk="one").body

    def test_another_layout_loads_and_dump_tidies_it(self, root):
        text = lesson_text("one", requires=["two"]).replace("requires: [two]", "requires:\n- two")
        write_files(root, {"modules/one.md": text})
        load(root)
        assert dump(root) == ["modules/one.md"]
        assert (root / "modules/one.md").read_text() == lesson_text("one", requires=["two"])

    def test_nothing_to_load_is_an_error(self, tmp_path):
        with pytest.raises(FileError, match="nothing to load"):
            load(tmp_path / "empty")

    def test_a_lesson_nobody_has_is_an_error(self, root):
        with pytest.raises(FileError, match=r"belongs to nowhere, two"):
            load(root, only=["one", "nowhere", "two"])
        assert not Module.objects.exists()


class TestEdits:
    def test_an_edited_lesson_is_kept_and_named(self, root):
        load(root)
        edit(title="Edited here")
        write_files(root, {"modules/one.md": lesson_text("one", title="Edited there")})
        report = load(root)
        assert (report.kept, report.loaded) == (["modules/one.md"], [])
        assert Module.objects.get(pk="one").title == "Edited here"

    def test_it_is_kept_however_often_load_runs(self, root):
        load(root)
        edit(title="Edited here")
        assert [load(root).kept, load(root).kept] == [["modules/one.md"]] * 2

    def test_the_other_files_are_loaded(self, root):
        load(root)
        edit(title="Edited here")
        write_files(root, {"sources.bib": source_text("doe", "roe")})
        report = load(root)
        assert (report.kept, report.loaded) == (["modules/one.md"], ["sources.bib"])

    def test_force_overwrites_it(self, root):
        load(root)
        edit(title="Edited here")
        report = load(root, force=True)
        assert (report.kept, report.loaded) == ([], ["modules/one.md"])
        assert Module.objects.get(pk="one").title == "One"

    def test_what_it_was_stays_a_revision(self, root):
        load(root)
        edit(title="Edited here")
        load(root, force=True)
        assert [revision.text.count("Edited here") for revision in Revision.objects.of("modules/one.md")] == [0, 1, 0]

    def test_only_touches_one_lesson(self, root):
        load(root)
        edit(title="Edited here")
        write_files(root, {"modules/two.md": lesson_text("two"), "sources.bib": source_text("doe", "roe")})
        report = load(root, only=["two"], force=True)
        assert (report.loaded, report.kept) == (["modules/two.md"], [])
        assert Module.objects.get(pk="one").title == "Edited here"
        assert not Source.objects.filter(pk="roe").exists()

    def test_only_brings_the_pictures_too(self, root):
        load(root)
        write_files(root, {"figures/one/more.svg": SVG.replace("Boxes", "More"), "figures/two/other.svg": SVG})
        assert load(root, only=["one"]).loaded == ["figures/one/more.svg"]

    def test_once_dumped_it_is_edited_no_more(self, root):
        load(root)
        edit(title="Edited here")
        assert dump(root) == ["modules/one.md"]
        text = (root / "modules/one.md").read_text()
        write_files(root, {"modules/one.md": text.replace("Edited here", "Edited there")})
        assert load(root).loaded == ["modules/one.md"]

    def test_dump_does_not_write_over_an_edit_on_disk(self, root):
        load(root)
        edit(title="Edited here")
        write_files(
            root, {"modules/one.md": lesson_text("one", title="Edited there"), "sources.bib": source_text("roe")}
        )
        Source.objects.filter(pk="doe").update(title="Edited too")
        with pytest.raises(EditedOnDisk, match=r"since loaded: modules/one\.md, sources\.bib\."):
            dump(root)
        assert "Edited there" in (root / "modules/one.md").read_text()
        assert "roe" in (root / "sources.bib").read_text()
        with pytest.raises(CommandError, match="Nothing was written"):
            call_command("dump", root=root)
        assert dump(root, force=True) == ["sources.bib", "modules/one.md"]
        assert "Edited here" in (root / "modules/one.md").read_text()

    def test_a_file_nobody_loaded_is_not_written_over(self, root):
        load(root)
        LoadedFile.objects.filter(path="modules/one.md").delete()
        write_files(root, {"modules/one.md": lesson_text("one", title="Never loaded")})
        with pytest.raises(EditedOnDisk, match="modules/one"):
            dump(root)

    def test_a_copy_dumped_elsewhere_is_no_agreement(self, root, tmp_path_factory):
        load(root)
        edit(title="Edited here")
        dump(tmp_path_factory.mktemp("copy"))
        assert load(root).kept == ["modules/one.md"]

    def test_the_same_edit_on_both_sides_agrees(self, root):
        load(root)
        edit(title="Both")
        write_files(root, {"modules/one.md": kind_of("modules/one.md").dump("modules/one.md")})
        report = load(root)
        assert (report.kept, report.loaded) == ([], [])

    def test_a_lesson_made_here_and_never_loaded_is_kept(self, root):
        load(root)
        Module.objects.filter(pk="two").update(body="Hello.", hook="Read.", reviewed="2026-11-23")
        publish(["modules/two.md"])
        write_files(root, {"modules/two.md": lesson_text("two")})
        assert load(root).kept == ["catalogue.yaml", "modules/two.md"]

    def test_a_lesson_that_did_not_change_is_not_loaded_again(self, root):
        load(root)
        number = Revision.objects.count()
        write_files(root, {"catalogue.yaml": catalogue_text("one", "three", "two", written=("one",))})
        load(root)
        assert Revision.objects.count() == number + 1


class TestLeavingTheFiles:
    def test_a_source_goes_with_its_last_citation(self, root):
        write_files(root, {"sources.bib": source_text("doe", "roe")})
        ledger = {"n": make_number("3", source="roe", at="Table 1")}
        write_files(root, {"modules/one.md": lesson_text("one", ledger=ledger)})
        load(root)
        write_files(root, {"sources.bib": source_text("doe"), "modules/one.md": lesson_text("one")})
        load(root)
        assert [source.pk for source in Source.objects.all()] == ["doe"]
        assert dump(root) == []

    def test_a_source_that_numbers_rest_on_stays_with_an_error(self, root):
        load(root)
        write_files(root, {"sources.bib": source_text("roe")})
        with pytest.raises(
            FileError, match=r"sources.bib: the source 'doe' is left out, but the group A chip needs it"
        ):
            load(root)
        assert [source.pk for source in Source.objects.all()] == ["doe"]

    def test_a_source_that_text_cites_stays_with_an_error(self, root):
        write_files(root, {"sources.bib": source_text("doe", "roe")})
        body = "## In one minute {#minute}\n\nSome words.\n\nThey are [@roe].\n"
        write_files(root, {"modules/one.md": lesson_text("one", body=body)})
        load(root)
        write_files(root, {"sources.bib": source_text("doe")})
        with pytest.raises(Broken, match=r"modules/one\.md, line 15: unknown source 'roe'"):
            load(root)
        assert Source.objects.filter(pk="roe").exists()

    def test_a_planned_lesson_goes_with_its_last_step(self, root):
        load(root)
        paths = PATHS.replace("      - {module: two, why: It goes on}\n", "")
        companies = COMPANIES.replace("[two, one]", "[one]")
        catalogue = catalogue_text("one", "three", written=("one",))
        write_files(root, {"catalogue.yaml": catalogue, "paths.yaml": paths, "companies.yaml": companies})
        load(root)
        assert not Module.objects.filter(pk="two").exists()
        assert dump(root) == []

    def test_a_lesson_that_a_path_needs_stays_with_an_error(self, root):
        load(root)
        catalogue, companies = catalogue_text("one", "three", written=("one",)), COMPANIES.replace("two, ", "")
        write_files(root, {"catalogue.yaml": catalogue, "companies.yaml": companies})
        with pytest.raises(FileError, match=r"catalogue.yaml: the lesson 'two' is left out, but .*way"):
            load(root)
        assert Module.objects.filter(pk="two").exists()

    def test_a_lesson_that_another_requires_stays_with_an_error(self, root):
        write_files(root, {"modules/one.md": lesson_text("one", requires=["three"])})
        load(root)
        write_files(root, {"catalogue.yaml": catalogue_text("one", "two", written=("one",))})
        with pytest.raises(FileError, match=r"catalogue.yaml: the lesson 'three' is left out, but one requires it"):
            load(root)

    def test_a_written_lesson_may_not_be_left_out(self, root):
        load(root)
        write_files(root, {"catalogue.yaml": catalogue_text("two", "three")})
        with pytest.raises(FileError, match=r"catalogue.yaml: the lesson 'one' is written and may not be left out"):
            load(root)

    def test_a_company_goes_with_the_last_lesson_that_names_it(self, root):
        load(root)
        other = COMPANIES.replace("acme", "emca").replace("Acme", "Emca")
        write_files(root, {"companies.yaml": other, "modules/one.md": lesson_text("one", focus=["emca"])})
        load(root)
        assert Company.objects.get().pk == "emca"

    def test_a_company_that_a_lesson_names_stays_with_an_error(self, root):
        load(root)
        write_files(root, {"companies.yaml": COMPANIES.replace("acme", "emca")})
        with pytest.raises(FileError, match=r"companies.yaml: the company 'acme' is left out, but one names it"):
            load(root)
        assert Company.objects.get().pk == "acme"

    def test_a_part_without_lessons_goes(self, root):
        load(root)
        write_files(
            root,
            {
                "catalogue.yaml": catalogue_text("one", "two", "three", written=("one",)).replace(
                    "id: part\n", "id: other\n"
                )
            },
        )
        write_files(root, {"modules/one.md": lesson_text("one", part="other", focus=["acme"])})
        load(root)
        assert [part.pk for part in Part.objects.all()] == ["other"]

    def test_a_lesson_that_moved_has_to_say_so(self, root):
        load(root)
        catalogue = catalogue_text("one", "two", "three", written=("one",)).replace("id: part\n", "id: other\n")
        write_files(root, {"catalogue.yaml": catalogue})
        with pytest.raises(FileError, match=r"modules/one\.md, line 4: the catalogue has it in the part 'other'"):
            load(root)

    def test_a_picture_goes_when_its_file_has(self, root):
        load(root)
        (root / "figures/one/boxes.svg").unlink()
        load(root)
        assert not Figure.objects.exists()
        assert dump(root) == []
        assert Revision.objects.of("figures/one/boxes.svg")[0].kind == "Removed"

    def test_a_picture_drawn_here_since_stays(self, root):
        load(root)
        Figure.objects.update(data=SVG.replace("Boxes", "Edited").encode())
        publish(["figures/one/boxes.svg"])
        (root / "figures/one/boxes.svg").unlink()
        report = load(root)
        assert Figure.objects.exists()
        assert report.kept == ["figures/one/boxes.svg"]

    def test_pictures_of_other_lessons_stay_when_one_is_loaded(self, root, tmp_path_factory):
        load(root)
        elsewhere = write_files(tmp_path_factory.mktemp("else"), {"modules/two.md": lesson_text("two")})
        load(elsewhere)
        assert Figure.objects.exists()

    def test_a_term_may_move_from_one_lesson_to_another(self, root):
        write_files(root, {"modules/one.md": lesson_text("one", terms={"token": "A piece of text."})})
        write_files(root, {"modules/two.md": lesson_text("two")})
        load(root)
        write_files(root, {"modules/one.md": lesson_text("one")})
        write_files(root, {"modules/two.md": lesson_text("two", terms={"token": "A piece of text."})})
        load(root)
        assert Term.objects.get().module_id == "two"


class TestDump:
    def test_what_was_loaded_is_written_byte_for_byte(self, root, tmp_path_factory):
        load(root)
        copy = tmp_path_factory.mktemp("copy")
        assert len(dump(copy)) == 7
        assert texts(copy) == texts(root)

    def test_only_what_differs_is_written(self, root):
        load(root)
        assert dump(root) == []
        edit(title="Edited here")
        assert dump(root) == ["modules/one.md"]

    def test_a_picture_deleted_here_leaves_the_disk(self, root):
        load(root)
        Figure.objects.all().delete()
        assert dump(root) == ["figures/one/boxes.svg"]
        assert not (root / "figures/one/boxes.svg").exists()

    def test_a_file_changed_on_disk_since_is_not_deleted(self, root):
        load(root)
        Figure.objects.all().delete()
        write_files(root, {"figures/one/boxes.svg": SVG.replace("Boxes", "Redrawn")})
        dump(root)
        assert (root / "figures/one/boxes.svg").exists()
