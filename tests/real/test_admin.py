from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.test import Client

from modules.models import Figure, Module, Revision

ATTENTION = "/admin/modules/module/attention/"


class Form(HTMLParser):
    """What a browser would send if its reader pressed Save."""

    def __init__(self, page):
        super().__init__()
        self.data, self.select, self.textarea = {}, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "file", "image"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.data.setdefault(name, []).append(attrs.get("value", "on" if "checked" in attrs else ""))
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.data.setdefault(self.select, []).append(attrs.get("value", ""))
        elif tag == "textarea" and name:
            self.textarea = name
            self.data[name] = [""]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.data[self.textarea][0] = self.data[self.textarea][0].removeprefix("\n")
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea][0] += data


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", "editor@example.org", "x"))
    return client


def form(client, address=f"{ATTENTION}change/"):
    return Form(client.get(address).content.decode()).data | {
        "change_note": ["A better word"],
        "change_kind": ["Changed"],
    }


def save(client, data, address=f"{ATTENTION}change/"):
    return client.post(address, data | {"_continue": ["1"]})


def test_the_longest_lesson_saved_as_it_stands_is_no_change(editor):
    before = Revision.objects.count()
    longest = Module.objects.written().annotate(numbers=Count("quantities")).latest("numbers")
    address = f"/admin/modules/module/{longest.pk}/change/"
    assert save(editor, form(editor, address), address).status_code == 302
    assert Revision.objects.count() == before


def test_an_edit_is_published_with_a_revision_that_says_who_and_why(editor):
    data = form(editor)
    data["body"] = [data["body"][0].replace("Attention is a read.", "Attention is a kind of read.")]
    assert save(editor, data).status_code == 302
    revision = Revision.objects.of("modules/attention.md").first()
    assert (revision.author.username, revision.note) == ("editor", "A better word")
    assert "a kind of read" in Module.objects.get(pk="attention").html
    assert "kind of" in editor.get(f"/admin/modules/revision/{revision.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("It costs 97 percent.", "nothing defends"),
        ("It is known [@nobody1999].", "nobody1999"),
        ("It is [=no_such_number].", "no_such_number"),
        ("It is $\\nosuchcommand$.", "nosuchcommand"),
        ("See [there](attention.md#nowhere).", "nowhere"),
    ],
)
def test_a_broken_lesson_is_shown_again_with_what_is_wrong_and_nothing_is_stored(editor, text, complaint):
    data, before = form(editor), Module.objects.get(pk="attention")
    data["body"] = [data["body"][0].replace("Attention is a read.", f"Attention is a read. {text}")]
    response = save(editor, data)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert "Attention is a read. " in response.content.decode()
    after = Module.objects.get(pk="attention")
    assert (after.body, after.html, after.version) == (before.body, before.html, before.version)


def test_a_wrong_unit_is_refused(editor):
    data = form(editor)
    name = next(
        key for key, value in data.items() if key.endswith("-formula") and value == ["sqrt(llama3_8b.head_dim)"]
    )
    data[name] = ["sqrt(llama3_8b.head_dim) * 1 B"]
    response = save(editor, data)
    assert response.status_code == 200
    assert "attention:score_std" in response.content.decode()


def test_what_a_planned_lesson_needs_can_be_edited_but_not_into_a_circle(editor):
    address = "/admin/modules/module/embeddings/change/"
    data = form(editor, address)
    data["requires"] = ["tokenization"]
    assert editor.post(address, data).status_code == 302
    assert [needed.pk for needed in Module.objects.get(pk="embeddings").requires.all()] == ["tokenization"]
    refused = editor.post(address, form(editor, address) | {"requires": ["tokenization", "positional-encoding"]})
    assert refused.status_code == 200
    assert "needs positional-encoding needs embeddings" in refused.content.decode()
    assert Module.objects.get(pk="embeddings").requires.count() == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(editor):
    mine, theirs = form(editor), form(editor)
    theirs["body"] = [theirs["body"][0].replace("Attention is a read.", "Attention is their read.")]
    mine["body"] = [mine["body"][0].replace("Attention is a read.", "Attention is my read.")]
    assert save(editor, theirs).status_code == 302
    told = save(editor, mine)
    page = told.content.decode()
    assert told.status_code == 200
    assert "Attention is my read." in page
    assert "While you were" in page
    assert "their read" in Module.objects.get(pk="attention").html


def test_the_preview_is_the_real_renderer_and_lists_what_is_wrong(editor):
    text = "$x^2$ [=score_std] [@vaswani2017].\n\nIt costs 97 percent.\n\n[It](kv-cache.md#nowhere)."
    body = f"## In one minute {{#minute}}\n\n{text}\n"
    page = editor.post(f"{ATTENTION}preview/", {"content": body}).content.decode()
    assert "<math" in page
    assert "11.3" in page
    assert "Vaswani" in page
    assert "nothing defends" in page
    assert "kv-cache has no place &#x27;nowhere&#x27;" in page


def test_a_revision_can_be_restored(editor):
    first = Revision.objects.of("modules/attention.md").first()
    data = form(editor)
    data["body"] = [data["body"][0].replace("Attention is a read.", "Attention is another read.")]
    save(editor, data)
    editor.post(f"/admin/modules/revision/{first.pk}/restore/")
    assert "Attention is a read." in Module.objects.get(pk="attention").body
    assert Revision.objects.of("modules/attention.md").count() == 3


@pytest.mark.parametrize("action", ["change/", "preview/", "upload/"])
def test_only_staff_may_edit(client, action):
    address = ATTENTION + action
    assert client.post(address, {"content": "x"}).status_code in (302, 403)
    client.force_login(User.objects.create_user("reader"))
    assert client.post(address, {"content": "x"}).status_code in (302, 403)
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.post(address, {"content": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.gif", b"<html><script>alert(1)</script></html>"),
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        ("x.png", b""),
    ],
)
def test_what_is_no_picture_is_not_kept(editor, name, data):
    before = Figure.objects.count()
    response = editor.post(f"{ATTENTION}upload/", {"image": SimpleUploadedFile(name, data, "image/gif")})
    assert response.status_code == 400
    assert Figure.objects.count() == before


def test_markdownx_own_views_are_not_there(client):
    assert client.post("/markdownx/markdownify/", {"content": "x"}).status_code == 404
    assert client.post("/markdownx/upload/").status_code == 404


@pytest.mark.parametrize("model", ["module", "source", "group", "company", "part", "revision"])
def test_every_list_opens(editor, model):
    assert editor.get(f"/admin/modules/{model}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/admin/modules/source/vaswani2017/change/",
        "/admin/modules/group/llama3_8b/change/",
        "/admin/modules/company/meta/change/",
        "/admin/paths/learningpath/interview-sprint/change/",
    ],
)
def test_shared_content_saved_as_it_stands_is_no_change(editor, address):
    before = Revision.objects.count()
    data = form(editor, address)
    response = editor.post(address, data | {"_continue": ["1"]})
    assert response.status_code == 302, response.content.decode()
    assert Revision.objects.count() == before


def test_a_shared_number_changes_every_lesson_that_prints_it(editor):
    address = "/admin/modules/group/h100_hour/change/"
    data = form(editor, address)
    name = next(key for key in data if key.endswith("-value"))
    data[name] = ["5.00 USD/(gpu*hour)"]
    assert editor.post(address, data).status_code == 302
    assert "$5.00/GPU-hour" in Module.objects.get(pk="kv-cache").raw


def test_forging_a_request_does_not_work(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    assert strict.post(f"{ATTENTION}preview/", {"content": "x"}).status_code == 403
