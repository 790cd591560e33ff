"""The changelog as Atom (RFC 4287)."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from modules.models import Revision
from tests.factories import SVG, make_lesson

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://notebook.example"


def read(client, **headers):
    return ElementTree.fromstring(client.get("/changelog.atom", headers=headers).content)


def test_every_address_is_the_sites_own_whoever_asks(client):
    make_lesson("one")
    feed = read(client, host="127.0.0.1:1234")
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "alternate": "https://notebook.example/changelog/",
        "self": "https://notebook.example/changelog.atom",
    }
    assert feed.find(f"{ATOM}entry/{ATOM}link").get("href") == "https://notebook.example/modules/one/"


def test_ids_are_permanent_and_of_the_site(client):
    make_lesson("one")
    feed = read(client)
    assert feed.findtext(f"{ATOM}id") == "tag:notebook.example,2026:changelog"
    revision = Revision.objects.get()
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") == f"tag:notebook.example,2026:revision-{revision.pk}"


def test_an_entry_says_what_changed_and_why(client):
    make_lesson("one", title="One & <two>")
    Revision.objects.update(note="Corrected *a* number", kind="Fixed")
    entry = read(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Fixed: One & <two>"
    assert entry.findtext(f"{ATOM}summary") == "Corrected *a* number"
    assert entry.findtext(f"{ATOM}updated") == Revision.objects.get().at.isoformat()


def test_one_without_a_note_says_what_the_lesson_is_about(client):
    make_lesson("one", summary="About ones")
    assert read(client).findtext(f"{ATOM}entry/{ATOM}summary") == "About ones"


def test_the_newest_stands_first_and_no_more_than_fifty(client):
    lesson = make_lesson("one")
    at = Revision.objects.get().at
    Revision.objects.bulk_create(
        Revision(path=lesson.path, module=lesson, text=str(n), kind="Changed", note=str(n), at=at) for n in range(60)
    )
    notes = [entry.findtext(f"{ATOM}summary") for entry in read(client).findall(f"{ATOM}entry")]
    assert notes == [str(n) for n in range(59, 9, -1)]


def test_pictures_and_shared_files_are_no_entries(client):
    make_lesson("one", figures={"boxes.svg": SVG})
    assert len(read(client).findall(f"{ATOM}entry")) == 1


def test_an_empty_feed_is_still_one(client):
    assert read(client).findtext(f"{ATOM}updated")


def test_it_is_asked_for_again_only_when_something_changed(client, settings):
    settings.SHARED_SECONDS = 0
    make_lesson("one")
    response = client.get("/changelog.atom")
    again = {"if-none-match": response["ETag"]}
    assert client.get("/changelog.atom", headers=again).status_code == 304
    make_lesson("one", title="Renamed")
    assert client.get("/changelog.atom", headers=again).status_code == 200
