from __future__ import annotations

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings as ours
from django.core.exceptions import ImproperlyConfigured

REAL_SERVER = {"DATABASE_URL": "postgresql://u@db.example/notebook", "SECRET_KEY": "k" * 50}
NAMES = [*REAL_SERVER, "SITE_URL", "EMAIL_URL", "DEBUG", "PORT", "TRUSTED_PROXIES", "ALLOWED_HOSTS"]


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Return the settings that an environment leads to."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOTEBOOK_DATA", str(tmp_path))

    def run(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ours.BASE_DIR / "notebook" / "settings.py"))

    return run


def test_fresh_clone_runs_on_the_embedded_database_without_debug(load, tmp_path):
    settings = load()
    assert settings["DATABASES"]["default"]["EMBEDDED_HOME"] == tmp_path / "postgres"
    assert settings["SECRET_KEY"] == (tmp_path / "secret-key").read_text()
    assert settings["DEBUG"] is False
    assert settings["SITE_URL"] == "http://127.0.0.1:8000"


def test_port_moves_the_address(load):
    assert load(PORT="8001")["SITE_URL"] == "http://127.0.0.1:8001"


def test_real_server_without_a_secret_key_stops_the_start(load, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must be set too"):
        load(DATABASE_URL=REAL_SERVER["DATABASE_URL"])
    assert not (tmp_path / "secret-key").exists()


def test_wrong_setting_is_a_sentence_and_no_traceback():
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ours.BASE_DIR,
        env=os.environ | {"DEBUG": "perhaps"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr == "manage.py: DEBUG is 'perhaps'; write 1 or 0.\n"


def test_https_site_has_secure_cookies_and_is_trusted(load):
    settings = load(**REAL_SERVER, SITE_URL="https://notes.example/", TRUSTED_PROXIES="1")
    assert settings["SITE_URL"] == "https://notes.example"
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert "notes.example" in settings["ALLOWED_HOSTS"]
    assert "https://notes.example" in settings["CSRF_TRUSTED_ORIGINS"]


def test_forwarded_headers_count_only_behind_a_proxy(load):
    alone, behind = load(), load(TRUSTED_PROXIES="2")
    assert "SECURE_PROXY_SSL_HEADER" not in alone
    assert alone["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert behind["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


def test_address_without_a_host_is_refused(load):
    with pytest.raises(ImproperlyConfigured, match=r"SITE_URL is 'notes\.example'"):
        load(SITE_URL="notes.example")


def test_addresses_are_verified_only_where_mail_is_sent(load, tmp_path):
    without, with_server = load(), load(EMAIL_URL="smtps://u:p@mail.example")
    assert (without["ACCOUNT_EMAIL_VERIFICATION"], without["EMAIL_FILE_PATH"]) == ("none", tmp_path / "mail")
    assert with_server["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert (with_server["EMAIL_HOST"], with_server["EMAIL_USE_SSL"]) == ("mail.example", True)


def test_content_policy_allows_our_own_files_and_nothing_inline(load):
    directives = load()["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert not [word for words in directives.values() for word in words if "unsafe" in str(word) or word == "*"]


def test_signed_out_progress_outlives_a_year_of_absence(load):
    assert load()["SESSION_COOKIE_AGE"] >= 365 * 24 * 60 * 60
