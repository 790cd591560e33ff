"""The three POSTs of progress: complete and reopen a lesson, start a path."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from progress.models import StudyEvent
from progress.study import AccountStudy
from tests.make import make_module, make_path, make_reader

pytestmark = pytest.mark.django_db

COMPLETE, REOPEN = "/progress/a/complete/", "/progress/a/reopen/"
START = "/progress/paths/a/start/"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def module():
    return make_module("a")


@pytest.fixture
def path(module):
    return make_path("a", module)


@pytest.fixture
def reader(client):
    user = make_reader()
    client.force_login(user)
    return user


def completed(client):
    return client.get("/dashboard/").context["study"].completed


@pytest.mark.usefixtures("path")
class TestPlain:
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_completing_and_reopening_lead_back_to_the_lesson(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        response = client.post(COMPLETE)
        assert (response.status_code, response["Location"]) == (302, "/modules/a/#controls")
        assert completed(client) == {"a"}
        assert client.post(REOPEN)["Location"] == "/modules/a/#controls"
        assert completed(client) == frozenset()

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_starting_a_path_leads_back_to_it(self, client, signed_in):
        if signed_in:
            client.force_login(make_reader())
        assert client.post(START)["Location"] == "/paths/a/"
        assert list(client.get("/dashboard/").context["study"].paths) == ["a"]

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    def test_a_form_may_name_the_page_to_return_to(self, client, url):
        assert client.post(url, {"next": "/dashboard/?a=b#c"})["Location"] == "/dashboard/?a=b#c"
        assert client.post(f"{url}?next=/sources/")["Location"] == "/sources/"

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example/",
            "\\\\evil.example/",
            "/\\evil.example/",
            "http:evil.example",
            "javascript:alert(1)",
            "http://testserver@evil.example/",
            "http://testserver.evil.example/",
            "http://localhost/",
            "\x00//evil.example/",
            " //evil.example/",
            "http://[::1/",
            "progress:dashboard",
            "elsewhere/",
        ],
    )
    def test_a_form_cannot_lead_away(self, client, url, target):
        assert client.post(url, {"next": target})["Location"] in ("/modules/a/#controls", "/paths/a/")

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    def test_the_answer_is_kept_by_nobody(self, client, url):
        assert client.post(url)["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    def test_reading_the_address_is_not_allowed(self, client, url):
        assert client.get(url).status_code == 405
        assert not Session.objects.exists()


@pytest.mark.usefixtures("path")
class TestHtmx:
    def test_completing_answers_with_the_controls_alone(self, client, reader):
        response = client.post(COMPLETE, headers={"HX-Request": "true"})
        assert response.status_code == 200
        assert next(template.name for template in response.templates) == "progress/_controls.html"
        assert response.content.strip().startswith(b"<section")
        assert b"/progress/a/reopen/" in response.content
        assert b"Completed" in response.content

    def test_reopening_offers_to_complete_again(self, client, reader):
        client.post(COMPLETE)
        response = client.post(REOPEN, headers={"HX-Request": "true"})
        assert b"/progress/a/complete/" in response.content

    def test_the_bar_of_the_path_under_way_moves_along(self, client, reader):
        client.post(START)
        response = client.post(COMPLETE, headers={"HX-Request": "true"})
        assert b'aria-label="Path' in response.content
        assert b"100 percent" in response.content

    def test_a_first_click_says_where_progress_is_kept(self, client):
        response = client.post(COMPLETE, headers={"HX-Request": "true"})
        assert b"saved in this browser" in response.content
        assert b"Completed" in response.content


class TestRefused:
    @pytest.mark.parametrize(
        "url",
        [
            "/progress/nothing/complete/",
            "/progress/planned/complete/",
            "/progress/planned/reopen/",
            "/progress/paths/nothing/start/",
            "/progress/A%00/complete/",
            "/progress/..%2fa/complete/",
            "/progress/%ff/complete/",
            f"/progress/{'a' * 5000}/complete/",
        ],
    )
    def test_what_does_not_exist_or_is_not_written_is_not_found(self, client, url):
        make_module("planned", body="")
        assert client.post(url).status_code == 404
        assert not Session.objects.exists()

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    def test_a_reader_cannot_write_for_another(self, client, reader, path, url):
        victim = make_reader()
        for key in ("user", "user_id", "reader", "id"):
            client.post(f"{url}?{key}={victim.pk}", {key: victim.pk})
        assert set(StudyEvent.objects.values_list("user", flat=True)) <= {reader.pk}

    @pytest.mark.parametrize("url", [COMPLETE, START])
    def test_an_oversized_body_changes_nothing(self, client, reader, path, url):
        response = client.post(
            url, b"next=" + b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "application/x-www-form-urlencoded"
        )
        assert response.status_code == 400
        assert not StudyEvent.objects.exists()

    @pytest.mark.parametrize(
        "body", [b"next=%ff%fe", b"next=\xff\xfe", b"next=%00", b"next=/%00/", b"\x00", b"&" * 100, b"next[]=/"]
    )
    def test_a_body_that_is_not_text_still_completes(self, client, reader, module, body):
        response = client.post(COMPLETE, body, "application/x-www-form-urlencoded")
        assert response.status_code == 302
        assert response["Location"].startswith("/")
        assert AccountStudy(reader).completed == {"a"}

    def test_too_many_fields_change_nothing(self, client, reader, module):
        response = client.post(
            COMPLETE,
            b"&".join(b"a=" for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)),
            "application/x-www-form-urlencoded",
        )
        assert response.status_code == 400
        assert not StudyEvent.objects.exists()

    def test_a_broken_upload_changes_nothing(self, client, reader, module):
        response = client.post(COMPLETE, b"--x", "multipart/form-data; boundary=")
        assert response.status_code == 400
        assert not StudyEvent.objects.exists()


class TestForgery:
    @pytest.fixture
    def browser(self):
        client = Client(enforce_csrf_checks=True)
        client.user = make_reader()
        client.force_login(client.user)
        return client

    @pytest.mark.parametrize("url", [COMPLETE, REOPEN, START])
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": ""},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "https://testserver"},
            {"Origin": "http://testserver:8000"},
            {"Origin": "http://testserver.evil.example"},
            {"Referer": "http://testserver/modules/a/"},
        ],
    )
    def test_a_request_no_browser_vouches_for_is_refused(self, browser, path, url, headers):
        assert browser.post(url, headers=headers).status_code == 403
        assert not StudyEvent.objects.exists()

    @pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Origin": "http://testserver"}])
    def test_a_page_of_ours_needs_no_token(self, browser, module, headers):
        assert browser.post(COMPLETE, headers=headers).status_code == 302
        assert AccountStudy(browser.user).completed == {"a"}

    def test_an_old_browser_is_believed_with_a_token(self, browser, module):
        token = browser.get("/accounts/password/change/").cookies["csrftoken"].value
        assert browser.post(COMPLETE, {"csrfmiddlewaretoken": token}).status_code == 302
        assert AccountStudy(browser.user).completed == {"a"}


class TestFirstClick:
    @pytest.mark.usefixtures("path")
    def test_reading_makes_no_session(self, client):
        for url in ("/modules/a/", "/paths/a/", "/dashboard/", "/dashboard/export.json"):
            response = client.get(url)
            assert response.status_code == 200
            assert settings.SESSION_COOKIE_NAME not in response.cookies
        assert not Session.objects.exists()

    @pytest.mark.usefixtures("module")
    def test_the_first_click_makes_one_that_lasts(self, client):
        cookie = client.post(COMPLETE).cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["max-age"] >= 360 * 24 * 60 * 60
        assert Session.objects.count() == 1

    @pytest.mark.usefixtures("module")
    def test_reopening_what_nobody_completed_makes_none(self, client):
        client.post(REOPEN)
        assert not Session.objects.exists()

    @pytest.mark.usefixtures("module")
    def test_reading_on_is_remembered_once_there_is_one(self, client):
        make_module("b")
        client.post(COMPLETE)
        client.get("/modules/b/")
        assert client.get("/dashboard/").context["study"].last_opened == "b"

    @pytest.mark.usefixtures("module")
    def test_clicking_for_ever_does_not_fill_the_session(self, client):
        sizes = []
        for _ in range(20):
            client.post(COMPLETE)
            client.post(REOPEN)
            sizes.append(len(str(client.session["study"])))
        assert sizes[-1] == sizes[1]
