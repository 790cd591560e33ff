from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from modules import content, defend, trust
from modules.files import kinds
from modules.models import Module, Revision
from modules.rendering import fidelity

ROOT = Path(settings.FIXTURES_DIR)
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
LESSONS = sorted(path.stem for path in (ROOT / "modules").glob("*.md"))


def test_every_file_is_dumped_as_it_was_loaded():
    dumped = {path: kind.dump(path) for kind in kinds() for path in kind.dumped()}
    assert sorted(dumped) == FILES
    assert [path for path in FILES if dumped[path] != (ROOT / path).read_bytes()] == []


def test_loading_twice_changes_nothing():
    before = list(Revision.objects.values_list("pk", flat=True))
    call_command("load", verbosity=0)
    assert list(Revision.objects.values_list("pk", flat=True)) == before


def test_the_catalogue_has_84_lessons_and_counts_none_as_written_that_is_not():
    assert Module.objects.count() == 84
    assert sorted(Module.objects.written().values_list("pk", flat=True)) == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_page_and_raw_markdown_say_the_same(lesson):
    module = Module.objects.get(pk=lesson)
    assert fidelity.compare(module.hook_html + module.html, module.raw) == []


def test_every_number_of_every_lesson_is_defended():
    verdict = defend.examine(timezone.localdate())
    assert verdict.all_errors == []
    assert [defence.undefended for defence in verdict.defences] == [0] * len(LESSONS)


def test_defend_fails_on_one_undefended_numeral(capsys):
    module = Module.objects.get(pk="attention")
    module.body = module.body.replace(
        "## The idea {#idea}\n", "## The idea {#idea}\n\nIt takes 97 percent of users.\n", 1
    )
    module.save(update_fields=["body"])
    with pytest.raises(CommandError, match="1 things do not hold"):
        call_command("defend", "attention", run=defend.Running.NONE)
    assert "fixtures/modules/attention.md:" in capsys.readouterr().err


def test_defend_fails_on_code_that_prints_something_else():
    module = Module.objects.get(pk="attention")
    module.body = module.body.replace(
        "dQ, dK and dV agree with finite differences\n```\n:::", "They agree\n```\n:::", 1
    )
    module.save(update_fields=["body"])
    verdict = defend.examine(timezone.localdate(), ["attention"])
    assert any("prints something else" in error for error in verdict.all_errors)


def test_every_derivation_that_ships_is_known_to_hold_or_said_not_to_be(client):
    found = trust.read(content.current(), timezone.localdate())
    assert found.derivations >= 2 * len(LESSONS)
    assert (found.defended, found.broken) == ("100%", {})
    page = client.get("/trust/").content.decode()
    for lesson in found.unchecked:
        assert f"{lesson.checked}/{len(lesson.derivations)}" in page
