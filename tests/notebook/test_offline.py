"""What makes the notebook installable: the manifest, its icons, the worker and the page it shows offline."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from notebook import offline
from tests.make import make_reader

pytestmark = pytest.mark.django_db

WORKER = "/service-worker.js"
LIMIT_BYTES = 10_000  # of script, for all of it


def worker(client):
    """Return what the server tells the worker."""
    text = client.get(WORKER).content.decode()
    return json.loads(re.match(r"self\.notebook = (.*);\n", text)[1])


def source(address):
    return settings.BASE_DIR / "static" / address.removeprefix("/static/")


class TestManifest:
    def test_every_page_names_it(self, client):
        assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").content.decode()

    def test_it_says_what_a_system_needs_to_install_it(self, client):
        response = client.get("/manifest.webmanifest")
        manifest = json.loads(response.content)
        assert response["Content-Type"] == "application/manifest+json"
        assert {"name", "short_name", "start_url", "display", "theme_color", "background_color"} <= set(manifest)
        assert client.get(manifest["start_url"]).status_code == 200
        for shortcut in manifest["shortcuts"]:
            assert client.get(shortcut["url"]).status_code == 200

    def test_its_icons_are_as_large_as_it_says_in_every_shape(self, client):
        icons = json.loads(client.get("/manifest.webmanifest").content)["icons"]
        for icon in icons:
            assert source(icon["src"]).exists()
            if icon["type"] == "image/png":
                with Image.open(source(icon["src"])) as image:
                    assert icon["sizes"] == f"{image.width}x{image.height}"
        sizes = {(icon.get("purpose", "any"), icon["sizes"]) for icon in icons}
        assert sizes >= {(purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")}

    def test_a_maskable_icon_fills_its_square(self):
        for path in (settings.BASE_DIR / "static/images").glob("icon-maskable-*.png"):
            with Image.open(path) as image:
                corners = [(x, y) for x in (0, image.width - 1) for y in (0, image.height - 1)]
                assert {image.convert("RGBA").getpixel(corner) for corner in corners} == {(28, 79, 160, 255)}

    def test_its_colours_are_those_of_the_page(self, client):
        manifest = json.loads(client.get("/manifest.webmanifest").content)
        assert f'content="{manifest["theme_color"]}" media="(prefers-color-scheme: light)"' in (
            client.get("/").content.decode()
        )


class TestWorker:
    def test_it_is_a_script_at_the_root_that_is_always_asked_for_anew(self, client):
        response = client.get(WORKER)
        assert response["Content-Type"] == "text/javascript; charset=utf-8"
        assert response["Cache-Control"] == "no-cache"
        assert client.get(WORKER, headers={"if-none-match": response["ETag"]}).status_code == 304

    def test_it_knows_nothing_of_its_reader(self, client):
        reader = Client()
        reader.force_login(make_reader("ada@example.org"))
        response = reader.get(WORKER)
        assert response.content == client.get(WORKER).content
        assert "Cookie" not in response.get("Vary", "")

    def test_it_brings_what_the_page_offline_needs(self, client):
        told = worker(client)
        page = client.get(told["page"]).content.decode()
        assert set(re.findall(r' (?:src|href)="(/static/[^"]+)"', page)) <= set(told["files"])
        assert {"serif.woff2", "sans.woff2", "math.woff2"} <= {file.rpartition("/")[2] for file in told["files"]}

    def test_a_file_that_changes_makes_another_version(self, client, monkeypatch):
        before = worker(client)["version"]
        assert worker(client)["version"] == before
        monkeypatch.setattr(offline, "static", lambda name: f"/static/{name}?another")
        assert worker(client)["version"] != before

    def test_its_controls_lead_to_the_other_choice(self, client):
        controls = worker(client)["controls"]
        assert 'hx-post="/progress/LESSON/reopen/"' in controls["complete"]
        assert 'hx-post="/progress/LESSON/complete/"' in controls["reopen"]

    def test_policy_allows_our_own_workers_only(self, client):
        policy = client.get("/")["Content-Security-Policy"]
        assert "worker-src 'self'" in policy
        assert "manifest-src 'self'" in policy

    def test_it_is_small(self):
        scripts = [settings.BASE_DIR / f"static/js/{name}.js" for name in ("worker", "offline")]
        assert sum(script.stat().st_size for script in scripts) < LIMIT_BYTES


def test_the_page_offline_is_one_for_everybody(client):
    response = client.get("/offline/")
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "noindex" in response.content.decode()


@pytest.mark.parametrize("address", ["/manifest.webmanifest", WORKER, "/offline/"])
def test_they_are_read_only(client, address):
    assert client.post(address).status_code == 405
