"""Pages that are the same for everyone: made once, kept while nothing changes, never mixed up."""

from __future__ import annotations

import gzip
from datetime import date

import brotli
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from modules import shared as keeping
from modules.models import Module, Revision
from modules.shared import LIMIT_PAGES, shared, shared_while
from progress.middleware import study
from tests.factories import make_lesson
from tests.make import make_reader

pytestmark = pytest.mark.django_db

ADDRESS = "/modules/one/"


@pytest.fixture
def lesson():
    return make_lesson("one")


@pytest.fixture
def at_once(settings):
    """Ask the database each time whether something changed."""
    settings.SHARED_SECONDS = 0


@pytest.fixture
def made():
    """A shared view that says how often it ran."""
    calls = []

    @shared
    def view(request):
        calls.append(request.get_full_path())
        return HttpResponse(f"made {len(calls)} times")

    view.calls = calls
    return view


def ask(view, address="/", **headers):
    request = RequestFactory().get(address, headers=headers)
    return view(request)


class TestKeeping:
    def test_a_page_is_made_once(self, made):
        assert [ask(made).content for _ in range(3)] == [b"made 1 times"] * 3

    def test_a_kept_page_costs_no_query(self, client, lesson, django_assert_num_queries):
        client.get(ADDRESS)
        with django_assert_num_queries(0):
            client.get(ADDRESS)

    def test_later_it_costs_one_question(self, client, lesson, at_once, django_assert_num_queries):
        client.get(ADDRESS)
        with django_assert_num_queries(1):
            client.get(ADDRESS)

    def test_it_is_made_again_when_content_changed(self, client, lesson, at_once):
        assert b"Renamed" not in client.get(ADDRESS).content
        make_lesson("one", title="Renamed")
        assert b"Renamed" in client.get(ADDRESS).content

    def test_it_is_made_again_when_the_newest_revision_went(self, made, lesson, at_once):
        ask(made)
        Revision.objects.all().delete()
        assert ask(made).content == b"made 2 times"

    def test_it_is_made_again_the_next_day(self, made, lesson, at_once, monkeypatch):
        ask(made)
        monkeypatch.setattr(timezone, "localdate", lambda: date(2100, 1, 1))
        assert [ask(made).content for _ in range(2)] == [b"made 2 times"] * 2

    def test_it_may_depend_on_more_than_the_content(self, lesson, at_once):
        calls, state = [], {"edition": 1}

        @shared_while(lambda: state["edition"])
        def view(request):
            calls.append(1)
            return HttpResponse("made")

        ask(view), ask(view)
        state["edition"] = 2
        ask(view), ask(view)
        assert len(calls) == 2

    def test_another_query_string_is_another_page(self, made):
        assert ask(made, "/?a=1").content != ask(made, "/?a=2").content

    def test_only_so_many_pages_are_kept_and_the_oldest_goes(self, made):
        for n in range(LIMIT_PAGES + 1):
            ask(made, f"/?n={n}")
        assert len(keeping._pages) == LIMIT_PAGES
        ask(made, f"/?n={LIMIT_PAGES}")
        assert len(made.calls) == LIMIT_PAGES + 1
        ask(made, "/?n=0")
        assert len(made.calls) == LIMIT_PAGES + 2

    @pytest.mark.parametrize("status", [404, 500, 302])
    def test_what_is_no_page_is_not_kept(self, status):
        @shared
        def view(request):
            return HttpResponse("no", status=status)

        response = ask(view)
        assert response.status_code == status
        assert "ETag" not in response
        assert not keeping._pages

    def test_a_missing_page_is_not_kept(self, client):
        assert client.get(ADDRESS).status_code == 404
        make_lesson("one")
        assert client.get(ADDRESS).status_code == 200

    def test_a_failing_view_is_asked_again(self):
        answers = [Http404(), HttpResponse("there")]

        @shared
        def view(request):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        with pytest.raises(Http404):
            ask(view)
        assert ask(view).content == b"there"

    def test_a_stream_passes_through(self):
        @shared
        def view(request):
            return StreamingHttpResponse([b"a", b"b"])

        assert b"".join(ask(view).streaming_content) == b"ab"


class TestReaders:
    def test_a_reader_with_a_session_gets_a_page_of_their_own(self, lesson):
        reader, anyone = Client(), Client()
        reader.force_login(make_reader("ada@example.org"))
        anyone.get(ADDRESS)
        response = reader.get(ADDRESS)
        assert response["Cache-Control"] == "private, no-cache"
        assert "Cookie" in response["Vary"]
        assert "ETag" not in response

    def test_it_is_not_kept_for_others(self, lesson):
        reader, anyone = Client(), Client()
        reader.force_login(make_reader("ada@example.org"))
        page = reader.get(ADDRESS).content
        assert b"Sign out" in page or b"ada@example.org" in page
        assert anyone.get(ADDRESS).content != page
        assert not anyone.get(ADDRESS).cookies

    @pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 3000, "\u00e9"])
    def test_a_session_that_is_none_is_served_privately(self, lesson, settings, cookie):
        reader = Client()
        reader.cookies[settings.SESSION_COOKIE_NAME] = cookie
        response = reader.get(ADDRESS)
        assert response.status_code == 200
        assert "private" in response["Cache-Control"]

    def test_the_cookie_of_a_form_makes_nobody_a_reader(self, lesson, settings):
        anyone = Client()
        anyone.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
        assert "public" in anyone.get(ADDRESS)["Cache-Control"]

    def test_a_reader_without_a_session_has_done_nothing(self, django_assert_num_queries):
        seen = []

        @shared
        def view(request):
            seen.append((request.study.completed, request.study.last_opened, request.study.paths))
            return HttpResponse("page")

        with django_assert_num_queries(1):  # the edition
            response = SessionMiddleware(study(view))(RequestFactory().get("/"))
        assert seen == [(frozenset(), None, {})]
        assert not response.cookies
        assert "Cookie" in response["Vary"]


class TestHttp:
    def test_head_is_the_page_without_its_body(self, client, lesson):
        page, head = client.get(ADDRESS), client.head(ADDRESS)
        assert head.content == b""
        assert {name: head[name] for name in ("ETag", "Cache-Control", "Vary", "Content-Type")} == {
            name: page[name] for name in ("ETag", "Cache-Control", "Vary", "Content-Type")
        }

    def test_a_page_made_for_head_serves_get(self, client, lesson):
        client.head(ADDRESS)
        assert b"One" in client.get(ADDRESS).content

    @pytest.mark.parametrize("match", ["{0}", "W/{0}", '"other", {0}', "*"])
    def test_what_the_reader_has_is_not_sent(self, client, lesson, match):
        etag = client.get(ADDRESS)["ETag"]
        response = client.get(ADDRESS, headers={"if-none-match": match.format(etag)})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
        assert {"Cache-Control", "Vary"} <= set(response.headers)

    @pytest.mark.parametrize("match", ['"other"', "junk", '"', ""])
    def test_what_the_reader_lacks_is_sent(self, client, lesson, match):
        assert client.get(ADDRESS, headers={"if-none-match": match}).status_code == 200

    def test_a_change_changes_the_tag(self, client, lesson, at_once):
        etag = client.get(ADDRESS)["ETag"]
        make_lesson("one", title="Renamed")
        assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 200

    def test_each_encoding_has_a_tag_of_its_own(self, client, lesson):
        tags = {client.get(ADDRESS, headers={"accept-encoding": name})["ETag"] for name in ("", "gzip", "br")}
        assert len(tags) == 3

    def test_a_tag_of_another_encoding_does_not_match(self, client, lesson):
        etag = client.get(ADDRESS)["ETag"]
        response = client.get(ADDRESS, headers={"if-none-match": etag, "accept-encoding": "gzip"})
        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            ("", None),
            ("identity", None),
            ("br", "br"),
            ("gzip", "gzip"),
            ("gzip, deflate, br, zstd", "br"),
            ("GZIP", "gzip"),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
            ("gzip;q=0", None),
            ("br;q=0, gzip", "gzip"),
            ("br; q=0.000", None),
            ("gzip;q=1.0, br;q=0.2", "gzip"),
            ("*", "br"),
            ("br;q=0, *", "gzip"),
            ("*;q=0", None),
            ("brotli", None),
            ("x-gzipped", None),
            ("gzip;q=junk", None),
            (",,;;q=,", None),
            ("gzip" * 3000, None),
        ],
    )
    def test_it_is_encoded_as_the_reader_accepts(self, client, lesson, accepted, encoding):
        plain = client.get(ADDRESS).content
        response = client.get(ADDRESS, headers={"accept-encoding": accepted})
        assert response.get("Content-Encoding") == encoding
        decode = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}[encoding]
        assert decode(response.content) == plain
        assert response["Vary"] == "Accept-Encoding, Cookie, Accept"

    def test_a_private_page_says_the_same_as_before_it_was_encoded(self, lesson):
        reader = Client(headers={"accept-encoding": "gzip, br"})
        reader.force_login(make_reader())
        assert "Content-Encoding" not in reader.get(ADDRESS)

    @pytest.mark.parametrize("page", ["junk", "0", "-1", "1e9", "\0", "٣"])
    def test_a_page_number_that_is_none_is_the_first_or_the_last(self, client, lesson, page):
        response = client.get("/changelog/", {"page": page})
        assert response.status_code == 200
        assert response.context["page"].number == 1


def test_what_is_kept_depends_on_no_reader_header(client):
    make_lesson("one")
    Module.objects.update(html="<p>Once</p>")
    plain = client.get(ADDRESS).content
    shown = client.get(ADDRESS, headers={"hx-request": "true", "accept-language": "fr", "user-agent": "x"}).content
    assert shown == plain
