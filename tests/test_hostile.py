"""Every kind of bad input, in a file or in a request.

Each gets a clear error with the right status, and nothing is stored or lost. Time is bounded by limits on what is
read (characters, lines, depth, steps), so these tests look for the limit's own message and never at a clock.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from modules.files import FileError
from modules.files.sync import load
from modules.publishing import Broken
from progress import events
from progress.facts import Kind
from tests.factories import (
    SVG,
    everything,
    lesson_text,
    make_lesson,
    make_number,
    source_text,
    write_files,
    write_notebook,
)
from tests.make import make_path, make_reader

pytestmark = pytest.mark.django_db

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def kept():
    return everything(), list(User.objects.values()), list(Session.objects.values())


# What arrives in a file


@pytest.fixture
def root(tmp_path):
    load(write_notebook(tmp_path))
    return tmp_path


def refused(root, files, *messages):
    """Load `files`, which must be refused whole with each of `messages`."""
    before = everything()
    write_files(root, files)
    with pytest.raises((FileError, Broken)) as caught:
        load(root)
    for message in messages:
        assert message in str(caught.value)
    assert everything() == before


def body(text):
    return {"modules/one.md": lesson_text("one", body=f"## In one minute {{#minute}}\n\n{text}\n")}


HARMLESS_MARKDOWN = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='//evil.example'></iframe>",
    "a <b onclick='alert(1)'>b</b> & <style>*{}</style>",
    "&lt;script&gt; &#60;script&#62;",
    "`<script>`",
    "```text\n</code></pre><script>alert(1)</script>\n```",
    "**<script>**",
    "<!-- <script> -->",
    "<https://example.org/?q=<script>",
]
REFUSED_MARKDOWN = {
    "a link that runs": ("[a](javascript:alert(1))", "is left as text"),
    "a link of data": ("[a](data:text/html,x)", "is left as text"),
    "a link elsewhere": ("[a](//evil.example/)", "dead link"),
    "a link out of the notebook": ("[a](../../etc/passwd)", "dead link"),
    "a picture from elsewhere": ("![a](https://evil.example/a.png)", "stands outside a figure"),
    "an unknown mark": ("[a]{.evil}", "unknown mark"),
    "quotes without end": ("> " * 10_000 + "a", ""),
    "lists without end": ("- " * 5000 + "a", ""),
    "brackets without end": ("[" * 20_000, "too intricate"),
    "emphasis without end": ("*a_" * 10_000, ""),
    "a line of a megabyte": ("a" * 1_000_000, "characters"),
    "a line too long": ("a" * 30_000, "the line has 30,000 characters"),
    "a million lines": ("\n" * 1_000_000 + "a", ""),
    "too many lines": ("a\n\n" * 8000, "lines"),
    "a null byte": ("a\0b", "null byte"),
    "text that runs backwards": ("a\u202eb", "U+202E"),
    "the mark of a fragment": ("a\ufdd0b", "U+FDD0"),
    "an unclosed container": ("::: note A\ntext", ""),
    "containers in containers": ("\n".join(f"{':' * n} note A" for n in range(60, 2, -1)), ""),
    "TeX that loads": ("$\\input{/etc/passwd}$", "is refused"),
    "TeX that links": ("$\\href{javascript:alert(1)}{x}$", "is refused"),
    "TeX without end": ("$" + "{" * 3000 + "$", ""),
    "a figure elsewhere": ("::: figure ../../secret.svg A\n**What you see.** A. **What to notice.** B.\n:::", ""),
    "code that runs in a question": ("::: explorer none\n:::", "unknown explorer"),
}


class TestMarkdown:
    @pytest.mark.parametrize("text", HARMLESS_MARKDOWN)
    def test_markup_is_shown_as_text(self, client, text):
        make_lesson("one", body=f"## In one minute {{#minute}}\n\n{text}\n", hook="<script>alert(1)</script>")
        page = client.get("/modules/one/").content.decode()
        lesson = page.partition('<div class="lesson">')[2].partition("<footer")[0]
        assert lesson
        for tag in ("<script", "<img", "<svg", "<iframe", "<style", "onclick=", "onerror=", "<!--"):
            assert tag not in lesson.replace("&lt;", "").replace("onclick='", "").replace("onerror=alert(1)&gt;", "")
        assert "<script>alert" not in page

    @pytest.mark.parametrize("name", REFUSED_MARKDOWN)
    def test_what_cannot_be_shown_is_refused(self, root, name):
        text, message = REFUSED_MARKDOWN[name]
        refused(root, body(text), "modules/one.md", message)

    @pytest.mark.parametrize("field", ["title", "summary", "hook"])
    def test_markup_in_data_is_text_on_every_page(self, client, field):
        make_lesson("one", **{field: "<script>alert(1)</script>"})
        for address in ("/", "/modules/one/", "/search/?q=alert", "/changelog/", "/changelog.atom", "/dashboard/"):
            assert b"<script>alert" not in client.get(address).content


DRAWINGS = {
    "a script": ("</svg>", "<script>alert(1)</script></svg>"),
    "an event": ("<rect ", '<rect onload="alert(1)" '),
    "a style": ("<rect ", '<rect style="position:fixed" '),
    "a style element": ("</svg>", "<style>*{}</style></svg>"),
    "a foreign object": ("</svg>", "<foreignObject><b>x</b></foreignObject></svg>"),
    "a link": ("</svg>", '<a href="javascript:alert(1)"><text>x</text></a></svg>'),
    "a picture from elsewhere": ("</svg>", '<image href="https://evil.example/a.png"/></svg>'),
    "a use of elsewhere": ("</svg>", '<use href="https://evil.example/a.svg#b"/></svg>'),
    "an entity": ("<svg", '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg'),
    "a file": ("<svg", '<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg'),
    "an animation": ("</svg>", '<animate attributeName="href" values="javascript:alert(1)"/></svg>'),
    "no end": ("</svg>", ""),
    "depth": ("</svg>", "<g>" * 5000 + "</g>" * 5000 + "</svg>"),
    "size": ("</svg>", "<!--" + "x" * 50_000 + "--></svg>"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_with_more_than_a_drawing_is_refused(root, name):
    refused(root, {"figures/one/boxes.svg": SVG.replace(*DRAWINGS[name], 1)}, "figures/one/boxes.svg: ")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"x" * 2_000_000])
def test_a_picture_that_is_none_is_refused(root, data):
    refused(root, {"figures/one/photo.png": data}, "figures/one/photo.png: ", "photo.png")


FORMULAS = [
    "().__class__.__bases__",
    "__import__('os').system('id')",
    "open('/etc/passwd')",
    "m.__class__",
    "[1, 2][0]",
    "lambda: 1",
    "'text' * 9",
    "9 ** 9 ** 9",
    "10 ** (10 ** 7)",
    "2 ** 1e400",
    "1e308 * 1e308",
    "exp(1e6)",
    "1 / 0",
    "log(0)",
    "sqrt(-1)",
    "(" * 100 + "1" + ")" * 100,
    "-" * 300 + "1",
    "1 if 1 if 1 else 1",
    "max(" * 70 + "1" + ")" * 70,
    "erlang_c(1e12, 5)",
    "m; m",
    "m = 2",
    "m\u00b2",
    "１ + 1",
    "",
]


class TestNumbers:
    @pytest.mark.parametrize("formula", FORMULAS)
    def test_a_hostile_formula_is_refused(self, root, formula):
        ledger = {"m": make_number("3"), "n": make_number(formula=formula)}
        refused(root, {"modules/one.md": lesson_text("one", ledger=ledger)}, "modules/one.md, line 11: ")

    def test_one_too_long_for_its_column_is_refused(self, root):
        ledger = {"n": make_number(formula="1 + " * 200 + "1")}
        refused(root, {"modules/one.md": lesson_text("one", ledger=ledger)}, "modules/one.md", "formula: ")

    @pytest.mark.parametrize(
        "value",
        ["9" * 400, "1e999", "nan", "inf", "1 furlong", "1 B ** 99", "1 B B", "()", "1;2", "٣", "1_000", "0x10"],
    )
    def test_a_hostile_value_is_refused(self, root, value):
        refused(
            root, {"modules/one.md": lesson_text("one", ledger={"n": make_number(value)})}, "modules/one.md, line 1"
        )

    def test_numbers_in_a_ring_are_refused_and_the_ring_is_told(self, root):
        ledger = {"a": make_number(formula="b"), "b": make_number(formula="c"), "c": make_number(formula="a")}
        refused(root, {"modules/one.md": lesson_text("one", ledger=ledger)}, "one:a -> one:b -> one:c -> one:a")

    def test_so_is_a_ring_through_two_lessons(self, root):
        files = {
            f"modules/{name}.md": lesson_text(name, ledger={"n": make_number(formula=f"{other}:n")})
            for name, other in [("one", "two"), ("two", "one")]
        }
        refused(root, files, "modules/one.md, line 10: ", "modules/two.md, line 10: ", "depends on itself")

    def test_a_ring_of_a_thousand_is_told_shortly(self, root):
        ledger = {f"n{k}": make_number(formula=f"n{(k + 1) % 1000}") for k in range(1000)}
        before = everything()
        write_files(root, {"modules/one.md": lesson_text("one", ledger=ledger)})
        with pytest.raises(Broken) as caught:
            load(root)
        assert max(map(len, str(caught.value).splitlines())) < 300
        assert everything() == before

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"formula": "2 B + 3 token"}, "B"),
            ({"formula": "2 B", "unit": "token"}, "token"),
            ({"formula": "2 B"}, "it declares no unit"),
            ({"formula": "2", "unit": "furlong"}, "furlong"),
            ({"formula": "max(0, 2 B)", "unit": "B"}, "max"),
            ({"formula": "log(2 B)"}, "log"),
        ],
    )
    def test_units_that_do_not_fit_are_refused(self, root, fields, message):
        ledger = {"n": make_number(**fields)}
        refused(root, {"modules/one.md": lesson_text("one", ledger=ledger)}, "modules/one.md, line 10: ", message)

    @pytest.mark.parametrize("name", ["nothing", "two:nothing", "chip.nothing", "nowhere:n", "nothing.n"])
    def test_unknown_names_are_refused(self, root, name):
        ledger = {"n": make_number(formula=f"2 * {name}")}
        refused(root, {"modules/one.md": lesson_text("one", ledger=ledger)}, "line 10: ", "unknown name", name)

    @pytest.mark.parametrize("name", ["gpu", "max", "if", "Big", "a-b", "a b", "_a", "1a", "ñ", "a" * 101])
    def test_names_that_are_none_are_refused(self, root, name):
        refused(
            root, {"modules/one.md": lesson_text("one", ledger={name: make_number("3")})}, "modules/one.md, line 10"
        )


BROKEN_YAML = {
    "tags": "a: !!python/object/apply:os.system [id]",
    "anchors": "a: &a [x]\nb: [*a, *a]",
    "a billion laughs": "a: &a [x]\n" + "".join(f"{n}: &{n} [*a, *a]\n" for n in "bcdefgh"),
    "merges": "a: {b: c}\n<<: {d: e}",
    "depth": "a: " + "[" * 100_000,
    "two documents": "a: b\n---\nc: d",
    "a list": "- a\n- b",
    "a tab": "a:\n\t- b",
    "an unclosed quote": "a: 'b",
    "a mapping as a key": "? {a: b}\n: c",
    "a colon too many": "a: b: c",
    "a directive": "%YAML 1.1\n---\na: b",
}


@pytest.mark.parametrize("path", ["catalogue.yaml", "reference.yaml", "companies.yaml", "paths.yaml"])
@pytest.mark.parametrize("name", BROKEN_YAML)
def test_broken_yaml_is_refused_with_its_file_and_line(root, path, name):
    refused(root, {path: BROKEN_YAML[name] + "\n"}, f"{path}, line ")


@pytest.mark.parametrize("path", ["catalogue.yaml", "sources.bib", "modules/one.md", "figures/one/boxes.svg"])
@pytest.mark.parametrize("data", [b"\xff\xfe\0a", b"\0", b"a\xc3", b"\xed\xa0\x80"])
def test_bytes_that_are_no_text_are_refused_by_name(root, path, data):
    refused(root, {path: data}, path)


def test_an_id_given_twice_is_refused_wherever_it_is(root):
    ledger = lesson_text("one", ledger={"n": make_number("3")}).replace("ledger:\n", "ledger:\n  n: {value: 4}\n")
    refused(root, {"modules/one.md": ledger}, "line 11: 'n' is given twice")
    refused(root, {"sources.bib": source_text("doe", "doe")}, "'doe' is given twice")


def test_a_file_that_is_a_folder_is_no_file(root):
    (root / "modules" / "two.md").mkdir()
    assert load(root).loaded == []


# What arrives in a request

NOT_THERE = ["nothing", "..%2f..%2fetc%2fpasswd", "%2e%2e", "one%00", "%ff", "%c0%ae", "one;drop", "one%0a", "x" * 3000]


class TestAddresses:
    @pytest.fixture(autouse=True)
    def _notebook(self):
        make_lesson("one", figures={"boxes.svg": SVG})

    @pytest.mark.parametrize("id_", NOT_THERE)
    @pytest.mark.parametrize(
        "address",
        [
            "/modules/{}/",
            "/raw/{}.md",
            "/paths/{}/",
            "/focus/{}/",
            "/figures/one/{}",
            "/figures/{}/boxes.svg",
            "/modules/one/explorers/{}/",
            "/{}",
            "/static/{}",
            "/media/{}",
        ],
    )
    def test_what_is_not_there_is_404(self, client, address, id_):
        assert client.get(address.format(id_)).status_code == 404

    @pytest.mark.parametrize("id_", NOT_THERE)
    @pytest.mark.parametrize("address", ["/progress/{}/complete/", "/progress/{}/reopen/", "/progress/paths/{}/start/"])
    def test_nothing_is_recorded_of_it(self, client, address, id_):
        client.force_login(make_reader())
        before = kept()
        assert client.post(address.format(id_), headers=SAME_ORIGIN).status_code == 404
        assert kept() == before

    @pytest.mark.parametrize("value", ["\0", "%", "' OR 1=1", "x" * 100_000, "\ud800".encode("utf-8", "surrogatepass")])
    @pytest.mark.parametrize(
        "address", ["/search/?q", "/sources/?q", "/sources/?kind", "/changelog/?page", "/bank/?q", "/bank/?page", "/?x"]
    )
    def test_a_query_of_any_kind_is_answered(self, client, address, value):
        path, name = address.split("?")
        assert client.get(path, {name: value}).status_code == 200

    def test_query_bytes_that_are_no_text_are_answered(self, client):
        assert client.get("/search/?q=%ff%fe%00&q=%ed%a0%80").status_code == 200


class TestForms:
    ADDRESS = "/progress/one/complete/"

    @pytest.fixture(autouse=True)
    def _lesson(self):
        make_path("way", make_lesson("one"))

    @pytest.fixture
    def strict(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_reader())
        return client

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://testserver.evil.example"},
            {"origin": "http://testserver:81"},
            {"x-csrftoken": "a" * 64},
            {"referer": "http://testserver/"},
        ],
    )
    @pytest.mark.parametrize("address", [ADDRESS, "/progress/one/reopen/", "/progress/paths/way/start/"])
    def test_one_that_another_site_sent_is_403(self, strict, address, headers):
        before = kept()
        assert strict.post(address, headers=headers).status_code == 403
        assert kept() == before

    @pytest.mark.parametrize(
        "address",
        [
            "/accounts/login/",
            "/accounts/signup/",
            "/accounts/logout/",
            "/accounts/delete/",
            "/accounts/password/reset/",
        ],
    )
    def test_so_is_one_without_a_token(self, strict, address):
        before = kept()
        assert strict.post(address, {"email": "a@example.org", "password": "x"}).status_code == 403
        assert kept() == before

    @pytest.mark.parametrize(
        "data",
        [
            {"data": b"next=" + b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"},
            {
                "data": b"&".join(b"a%d=1" % n for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)),
                "content_type": "application/x-www-form-urlencoded",
            },
            {"data": b"x", "content_type": "multipart/form-data"},
        ],
        ids=["too large", "too many fields", "without a boundary"],
    )
    def test_a_body_that_cannot_be_read_is_400_and_records_nothing(self, client, data):
        client.force_login(make_reader())
        before = kept()
        assert client.post(self.ADDRESS, **data, headers=SAME_ORIGIN).status_code == 400
        assert kept() == before

    @pytest.mark.parametrize(
        "target",
        ["https://evil.example/", "//evil.example", "\\\\evil.example", "/\\evil.example", "javascript:alert(1)", "\0"],
    )
    @pytest.mark.parametrize("where", ["post", "query"])
    def test_one_that_leads_elsewhere_leads_back(self, client, target, where):
        data, query = ({"next": target}, "") if where == "post" else ({}, "?next=" + target.replace("\0", "%00"))
        response = client.post(self.ADDRESS + query, data, headers=SAME_ORIGIN)
        assert (response.status_code, response["Location"]) == (302, "/modules/one/#controls")

    @pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/logout/"])
    def test_signing_in_and_out_leads_nowhere_else(self, client, address):
        reader = make_reader()
        if "logout" in address:
            client.force_login(reader)
        data = {"login": reader.email, "password": "a long walk in the park", "next": "https://evil.example/"}
        response = client.post(f"{address}?next=https://evil.example/", data | {"email": "new@example.org"})
        assert "evil.example" not in response.get("Location", "")


class TestSomebodyElses:
    """Every view of progress is asked through the reader: there is no id of another's row to send."""

    @pytest.fixture(autouse=True)
    def _lesson(self):
        make_path("way", make_lesson("one"), make_lesson("two"))

    def test_progress_shows_on_no_page_of_another(self):
        ada, bob = make_reader("ada@example.org"), make_reader("bob@example.org")
        for kind, subject in [(Kind.STARTED_PATH, "way"), (Kind.OPENED, "one"), (Kind.COMPLETED, "one")]:
            events.record(ada, kind, subject)
        client = Client()
        client.force_login(bob)
        for address in ("/", "/dashboard/", "/paths/way/", "/modules/one/", "/dashboard/export.json"):
            response = client.get(address)
            text = b"".join(response).decode()
            assert "is-done" not in text
            assert "ada@example.org" not in text
        assert client.get("/dashboard/").context["study"].completed == frozenset()

    @pytest.mark.parametrize("name", ["user", "user_id", "reader", "pk", "id", "key"])
    def test_naming_another_changes_nothing_of_theirs(self, client, name):
        ada, bob = make_reader(), make_reader()
        events.record(ada, Kind.COMPLETED, "one")
        client.force_login(bob)
        for address in ("/progress/one/reopen/", "/progress/two/complete/"):
            client.post(f"{address}?{name}={ada.pk}", {name: ada.pk}, headers=SAME_ORIGIN)
        assert list(ada.completions.values_list("module_id", flat=True)) == ["one"]
        assert list(bob.completions.values_list("module_id", flat=True)) == ["two"]

    def test_a_session_made_up_is_nobodys(self, client, settings):
        reader = Client()
        reader.force_login(make_reader())
        key = reader.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = key[:-1] + ("a" if key[-1] != "a" else "b")
        assert not client.get("/dashboard/").context["study"].on_account

    @pytest.mark.parametrize("address", ["/admin/", "/admin/modules/module/", "/admin/modules/module/one/change/"])
    def test_a_reader_is_no_editor(self, client, address):
        client.force_login(make_reader())
        before = kept()
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in (302, 403)
            assert "/admin/login/" in response.get("Location", "/admin/login/")
        assert kept()[0] == before[0]
