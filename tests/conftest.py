"""What every test shares: real Postgres, plain static files, real Chromium, and no memory of the test before."""

from __future__ import annotations

import os
from io import StringIO

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis

from tests.databases import Shared, database, use
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
def _shared(django_db_setup, django_db_blocker, tmp_path_factory):
    """Hold what all workers of this run share: the first to need it makes it, and the last to leave removes it."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
    folder = tmp_path_factory.getbasetemp()
    with django_db_blocker.unblock(), Shared(folder.parent if workers else folder, workers or 1) as shared:
        yield shared


@pytest.fixture(scope="session", autouse=True)
def _stays(_shared):
    """Count every worker from its first test on, whether it needs what is shared or not."""


@pytest.fixture(scope="session")
def loaded(_shared, django_db_blocker):
    """Load the fixtures once for all workers; return the name of a copy for this one, beside the empty database."""
    empty = connection.settings_dict["NAME"]

    def load():
        call_command("load", verbosity=0, stdout=StringIO())

    with django_db_blocker.unblock(), _shared.copy("loaded", load, copy_of=empty) as name:
        yield name


@pytest.fixture(scope="session")
def _made_bank(django_db_setup, django_db_blocker):
    from tests.progress.bank.lessons import make_bank

    empty = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), database(f"{empty}_bank", copy_of=empty) as name:
        with use(name):
            make_bank()
        yield name


@pytest.fixture(scope="module")
def bank(_made_bank, django_db_blocker):
    """Have the lessons of `make_bank` in the tests of a module, made once; what a test changes is undone."""
    with django_db_blocker.unblock(), use(_made_bank):
        yield
