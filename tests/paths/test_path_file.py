from __future__ import annotations

import re

import pytest

from paths.models import LearningPath
from tests.factories import make_file, make_lesson, make_planned

pytestmark = pytest.mark.django_db

ADDRESS = "/paths/way/offline.html"


@pytest.fixture
def path():
    """Two lessons that name each other's places, out of notebook order, and a planned one between them."""
    for name in ("one", "two", "three"):
        make_planned(name)
    make_lesson("one")
    make_lesson("two", body="## In one minute {#minute}\n\nAs [before](/modules/one/#minute).\n")
    steps = "".join(f"      - {{module: {name}, why: Because of {name}}}\n" for name in ("two", "three", "one"))
    make_file(
        "paths.yaml",
        f"paths:\n  - id: way\n    title: A way\n    summary: On.\n    audience: Anyone\n    steps:\n{steps}",
    )


def text(client):
    return b"".join(client.get(ADDRESS)).decode()


def test_its_lessons_stand_in_its_order_under_what_it_is(client, path):
    file = text(client)
    places = [file.index(part) for part in ("A way</h1>", 'id="two.lesson.top"', 'id="one.lesson.top"')]
    assert places == sorted(places)
    assert 'id="three.' not in file


def test_no_id_is_there_twice_and_every_link_inside_leads_somewhere(client, path):
    file = text(client)
    ids = re.findall(r'\sid="([^"]+)"', file)
    assert len(ids) == len(set(ids))
    assert {"one.minute", "two.minute"} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', file)) <= set(ids)
    assert 'href="#one.minute"' in file.partition('id="two.lesson.top"')[2]


def test_it_is_a_file_to_keep(client, path):
    response = client.get(ADDRESS)
    assert response["Content-Disposition"] == 'attachment; filename="every-number-way.html"'
    assert client.get(ADDRESS, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_it_costs_the_same_queries_however_long_the_path(client, path, django_assert_num_queries):
    # edition, path, steps; ids, terms, texts, the lessons as a whole, their pictures
    with django_assert_num_queries(8):
        text(client)
    LearningPath.objects.get().steps.filter(module="two").delete()
    with django_assert_num_queries(8):
        text(client)


def test_the_path_leads_to_it(client, path):
    assert f'href="{ADDRESS}"' in client.get("/paths/way/").content.decode()


def test_a_path_of_which_nothing_is_written_has_none(client, path):
    LearningPath.objects.get().steps.exclude(module="three").delete()
    assert client.get(ADDRESS).status_code == 404
    assert client.get("/paths/nothing/offline.html").status_code == 404
