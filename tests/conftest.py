"""What every test shares: real Postgres, plain static files, real Chromium, and no memory of the test before."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis

from tests.databases import database, use
from tools import chromium


def pytest_configure():
    """Change settings before anything reads them."""
    # Hashed names need a collectstatic first; tests serve the sources.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    hypothesis.register_profile("notebook", deadline=None)  # speed is measured by make bench, never by a test
    hypothesis.load_profile("notebook")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose


@pytest.fixture(autouse=True)
def _start_from_nothing():
    from modules import shared

    shared.forget()
    caches["local"].clear()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Start this machine's Chromium. Without one the browser tests fail; they are never skipped."""
    program = chromium.find()
    if not program:
        pytest.fail(chromium.ADVICE)
    return {"executable_path": program, "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session")
def loaded(django_db_setup, django_db_blocker):
    """Load the fixtures once, into a database beside the empty one; return its name."""
    empty = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), database(f"{empty}_loaded", copy_of=empty) as name:
        with use(name):
            call_command("load", verbosity=0, stdout=StringIO())
        yield name
