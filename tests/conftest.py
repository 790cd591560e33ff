"""What every test shares: real Postgres, plain static files, real Chromium, and no memory of the test before."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import caches
from hypothesis import settings as hypothesis

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
