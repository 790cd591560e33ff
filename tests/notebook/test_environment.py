from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from notebook import environment as env


@pytest.mark.parametrize(
    ("text", "on"), [("1", True), ("yes", True), ("On", True), ("", False), ("0", False), ("no", False)]
)
def test_flag_reads_yes_and_no(monkeypatch, text, on):
    monkeypatch.setenv("DEBUG", text)
    assert env.flag("DEBUG") is on


def test_flag_refuses_what_is_neither(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="DEBUG is 'maybe'"):
        env.flag("DEBUG")


@pytest.mark.parametrize("text", ["-1", "two", "1.5", "²"])
def test_whole_refuses_what_is_no_whole_number(monkeypatch, text):
    monkeypatch.setenv("TRUSTED_PROXIES", text)
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        env.whole("TRUSTED_PROXIES", 0)


def test_words_are_split_at_commas_and_stripped(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example, ,b.example ")
    assert env.words("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_database_without_a_url_is_the_embedded_one():
    found = env.database("", Path("/data/postgres"))
    assert (found["ENGINE"], found["EMBEDDED_HOME"]) == ("notebook.pgembed", Path("/data/postgres"))


def test_database_url_is_taken_apart_and_unquoted():
    found = env.database("postgres://ann%40x:p%2Fw@db.example:6543/note%20book?sslmode=require", Path())
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("ann@x", "p/w", "db.example")
    assert (found["PORT"], found["NAME"], found["OPTIONS"]["sslmode"]) == ("6543", "note book", "require")


def test_database_url_may_name_a_socket_folder():
    assert env.database("postgresql:///notebook?host=/run/postgresql", Path())["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("url", ["mysql://h/db", "postgres://h", "notebook", "postgres:///"])
def test_database_url_of_another_shape_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must look like"):
        env.database(url, Path())


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://u:p@mail.example", 587, False, True),
        ("smtps://u:p@mail.example", 465, True, False),
        ("smtp://u:p@mail.example:2525", 2525, False, True),
        ("smtp://u:p@localhost", 25, False, False),
    ],
)
def test_mail_server_is_encrypted_unless_it_is_this_machine(url, port, ssl, tls):
    server = env.mail_server(url)
    assert (server.user, server.password, server.port, server.use_ssl, server.use_tls) == ("u", "p", port, ssl, tls)


def test_mail_is_kept_in_files_without_a_server():
    assert env.mail_server("") is None


def test_mail_server_of_another_scheme_is_refused():
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        env.mail_server("http://mail.example")


def test_secret_key_is_made_once_and_closed_to_others(tmp_path):
    path = tmp_path / "data" / "secret-key"
    key = env.secret_key(path)
    assert len(key) > 50
    assert env.secret_key(path) == key
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_secret_key_of_the_first_process_wins(tmp_path, monkeypatch):
    path = tmp_path / "secret-key"
    exists = Path.exists
    monkeypatch.setattr(
        Path, "exists", lambda self: path.write_text("theirs") and False if self == path else exists(self)
    )
    assert env.secret_key(path) == "theirs"


def test_secret_key_that_cannot_be_kept_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"Set SECRET_KEY, or NOTEBOOK_DATA"):
        env.secret_key(tmp_path / "file" / "secret-key")
