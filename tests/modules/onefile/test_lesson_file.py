from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from modules.files import kind_of
from modules.models import Module
from tests.factories import SVG, make_lesson, make_planned
from tests.make import make_reader

pytestmark = pytest.mark.django_db

ADDRESS = "/modules/one/offline.html"


@pytest.fixture
def lesson():
    return make_lesson("one", figures={"boxes.svg": SVG})


def text(client, address=ADDRESS, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return b"".join(response).decode()


def test_it_is_a_file_to_keep(client, lesson):
    response = client.get(ADDRESS)
    assert response["Content-Disposition"] == 'attachment; filename="every-number-one.html"'
    assert response["Content-Type"] == "text/html; charset=utf-8"


def test_it_allows_itself_its_own_style_sheet_and_nothing_else(client, lesson):
    file = text(client)
    (sheet,) = re.findall(r"<style>(.*?)</style>", file, re.DOTALL)
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', file)[1]
    assert f"style-src 'sha256-{digest}'" in policy.replace("&#x27;", "'")
    assert policy.startswith("default-src 'none'")
    assert "<script" not in file
    assert " style=" not in file


def test_it_is_the_same_for_everyone(lesson):
    reader = Client()
    reader.force_login(make_reader("ada@example.org"))
    response = reader.get(ADDRESS)
    assert b"".join(response).decode() == text(Client())
    assert "public" in response["Cache-Control"]
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


def test_it_is_sent_again_only_when_the_notebook_changed(client, lesson):
    etag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 304
    make_lesson("one", title="Renamed")
    response = client.get(ADDRESS, headers={"if-none-match": etag})
    assert response.status_code == 200
    assert b"Renamed" in b"".join(response)


def test_it_is_compressed_on_its_way(client, lesson):
    response = client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(b"".join(response)) < len(text(client))


def test_a_raster_image_is_inside(client):
    image = BytesIO()
    Image.new("RGB", (2, 2), "red").save(image, "PNG")
    make_planned("one")
    kind_of("figures/a/b").load("figures/one/dots.png", image.getvalue())
    figure = "::: figure dots.png Dots\n\n**What you see.** Dots. **What to notice.** Two.\n:::\n"
    make_lesson("one", body=f"## In one minute {{#minute}}\n\n{figure}")
    file = text(client)
    (data,) = re.findall(r'<img class="raster" src="data:image/png;base64,([^"]+)"', file)
    assert b64decode(data) == bytes(Module.objects.get().figures.get().data)
    assert 'src="/' not in file


def test_markup_in_a_title_is_text(client):
    make_lesson("one", title="1 < 2 & <b>")
    assert "<title>1 &lt; 2 &amp; &lt;b&gt; ·" in text(client)


@pytest.mark.parametrize("id_", ["two", "nothing", "one%00", "..%2fone"])
def test_what_is_not_written_has_no_file(client, lesson, id_):
    make_planned("two")
    assert client.get(f"/modules/{id_}/offline.html").status_code == 404


def test_it_is_read_only(client, lesson):
    assert client.post(ADDRESS).status_code == 405


def test_the_lesson_leads_to_it(client, lesson):
    assert f'href="{ADDRESS}"' in client.get("/modules/one/").content.decode()


def test_it_costs_few_queries(client, lesson, django_assert_num_queries):
    # edition, lesson; its id, terms, texts, the lesson as a whole, its pictures
    with django_assert_num_queries(7):
        text(client)
